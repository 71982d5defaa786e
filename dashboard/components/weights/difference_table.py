"""What two profiles say differently."""

import streamlit as st

from dashboard import formats
from dashboard.components.weights.draft import metric_labels
from dashboard.state import weights as state
from warehouse.profiles import WeightProfile, differences


def difference_table(one: WeightProfile, other: WeightProfile, *, key: str) -> None:
    """A line for each metric whose weight differs, and for the normalisation."""
    found = differences(one, other)
    if not found:
        st.caption("Both weigh the same.")
        return
    labels = metric_labels() | {"normalisation": "Normalisation"}
    st.dataframe(
        {
            "What": [labels.get(row.metric, row.metric) for row in found],
            "From": [_words(row.before) for row in found],
            "To": [_words(row.after) for row in found],
        },
        hide_index=True,
        key=key,
    )


def _words(value: float | str) -> str:
    if isinstance(value, str):
        return state.NORMALISATIONS.get(value, value)
    return formats.plain_number(value)
