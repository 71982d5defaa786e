"""Chosen pictures to take away: CSV, Parquet, or a zip of the files."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import formats
from dashboard.resources import warehouse
from warehouse.exporters import pictures as exporters

MEBIBYTE = 2**20


@st.dialog("Export", icon=":material/download:")
def export_pictures(image_ids: Sequence[str], what: str) -> None:
    """Offer `image_ids` as files; `what` says which they are, in words of ours."""
    opened, ids = warehouse(), tuple(image_ids)
    st.write(f"{formats.counted(len(ids), 'picture')}: {what}.")
    st.caption(
        "One row per picture with its prompt, model, recipe and scores. "
        "In the CSV, texts that a spreadsheet would run as a formula begin with a quote."
    )
    with st.container(horizontal=True):
        _download("CSV", "csv", "text/csv", lambda: exporters.as_csv(opened, ids))
        _download(
            "Parquet",
            "parquet",
            "application/vnd.apache.parquet",
            lambda: exporters.as_parquet(opened, ids),
        )
        size = exporters.zip_size(opened, ids)
        if size.fits and size.pictures:
            label = f"Zip of pictures ({max(1, size.bytes // MEBIBYTE)} MiB)"
            _download(label, "zip", "application/zip", lambda: exporters.as_zip(opened, ids))
    if not size.pictures:
        st.caption("There is no zip: none of these has a picture stored, only metadata.")
    elif not size.fits:
        st.caption(
            f"There is no zip: these are {formats.whole(size.pictures)} pictures, and one zip "
            f"takes at most {formats.whole(exporters.MOST_PICTURES)} or "
            f"{exporters.MOST_BYTES // MEBIBYTE} MiB. Filter them down, or select some; "
            "`python -m warehouse export` writes everything to a folder."
        )
    elif size.missing:
        st.caption(f"{formats.whole(size.missing)} of them have no picture to put into the zip.")


def _download(label: str, ending: str, mime: str, content: Callable[[], bytes]) -> None:
    st.download_button(
        label,
        content,
        file_name=f"gemboard-pictures.{ending}",
        mime=mime,
        on_click="ignore",
        key=f"export.{ending}",
    )
