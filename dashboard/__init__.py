"""All that knows Streamlit or Altair."""
