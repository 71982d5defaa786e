"""A file of pairs, rated on the spot: nothing of it is stored."""

import hashlib
from io import BytesIO
from pathlib import PureWindowsPath

import pyarrow as pa
import pyarrow.parquet as pq
import streamlit as st

from core.errors import FileFormatError, GemboardError
from dashboard import formats
from dashboard.components.leaderboard.rated_models import rated_models
from dashboard.components.notices import show_error
from dashboard.data import leaderboard as data
from dashboard.state import leaderboard as state

MOST_MB = 20
MOST_ROWS = 2_000_000  # Parquet holds far more of them in a few MB
MOST_MODELS = 1000  # ratings hold a number for each two
MOST_SHOWN = 200


def pair_file(method: str) -> None:
    """Ask for a file and show the board by it, apart from the warehouse's."""
    st.caption(
        "A CSV or Parquet file with the columns model_a, model_b and winner (model_a, model_b, "
        "tie or both_bad), as public arenas publish them. It is rated as chosen above, for you "
        "alone, and not kept."
    )
    uploaded = st.file_uploader(
        f"Pairs, up to {MOST_MB} MB",
        type=["csv", "parquet"],
        max_upload_size=MOST_MB,
        key="leaderboard.file",
    )
    if uploaded is None:
        return
    try:
        _board(uploaded.getvalue(), PureWindowsPath(uploaded.name).name[-80:], method)
    except GemboardError as error:
        show_error(error)


def _board(content: bytes, name: str, method: str) -> None:
    if _parquet_rows(content) > MOST_ROWS:
        raise FileFormatError(name, f"has more than {MOST_ROWS:,} rows, too many for the page.")
    digest = hashlib.sha256(content).hexdigest()
    comparisons = data.pairs_of_file(digest, name, content)
    if len(comparisons.models) > MOST_MODELS:
        raise FileFormatError(
            name,
            f"has {len(comparisons.models):,} models; the page rates up to {MOST_MODELS:,}. "
            "`python -m warehouse leaderboard --pairs FILE` takes any.",
        )
    standings = data.board_of_file(digest, method, comparisons)
    if not standings:
        st.info("No pair of this file says which of two models is better.", icon=":material/info:")
        return
    shown = standings[:MOST_SHOWN]
    more = f", the first {MOST_SHOWN} below" if len(shown) < len(standings) else ""
    groups = {each.group for each in standings}
    apart = (
        f" They fall into {len(groups)} groups that never met; ratings compare within one."
        if len(groups) > 1
        else ""
    )
    st.caption(
        f"{formats.counted(comparisons.judgments, 'comparison')} of "
        f"{formats.counted(len(standings), 'model')}{more}, by {state.METHODS[method]}. Without "
        f"names of judges the intervals take comparisons as independent.{apart}"
    )
    rated_models(shown, {}, percent=method == "win-rate", opens=False, key="leaderboard.file_board")


def _parquet_rows(content: bytes) -> int:
    """How many rows the file says it has; 0 where it is no Parquet."""
    try:
        return int(pq.read_metadata(BytesIO(content)).num_rows)
    except (pa.ArrowException, OSError):
        return 0
