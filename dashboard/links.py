"""The address of a page: what it asks for, and writing what is shown into it."""

import time
from collections.abc import Collection, Mapping, Sequence

import streamlit as st

RECENT_S = 10.0
MOST_RECENT = 20


def asked_parameters(names: Collection[str], key: str) -> dict[str, list[str]]:
    """What the address asks for and the page does not show yet; empty where there is nothing new.

    A run may come from a browser that has not heard yet of the address written by the run before:
    an address that this session wrote and replaced a moment ago asks for nothing.
    """
    asked = {name: st.query_params.get_all(name) for name in names if name in st.query_params}
    now = time.monotonic()
    written: list[tuple[float, dict[str, list[str]]]] = st.session_state.get(key, [])
    if not asked or (written and asked == written[-1][1]):
        return {}
    if any(asked == old and now - replaced_at < RECENT_S for replaced_at, old in written):
        return {}
    st.session_state[key] = [*written, (now, asked)]
    return asked


def asked_values(names: Collection[str], key: str) -> dict[str, str]:
    """As `asked_parameters`, for pages whose parameters have one value each."""
    return {name: values[-1] for name, values in asked_parameters(names, key).items()}


def just_written(key: str, within_s: float) -> bool:
    """Whether this session wrote an address that asks for something less than `within_s` ago."""
    written: list[tuple[float, dict[str, list[str]]]] = st.session_state.get(key, [])
    return bool(written and written[-1][1] and time.monotonic() - written[-1][0] < within_s)


def write_values(parameters: Mapping[str, str], key: str) -> None:
    """As `write_parameters`, for pages whose parameters have one value each."""
    write_parameters({name: [value] for name, value in parameters.items()}, key)


def write_parameters(
    parameters: Mapping[str, Sequence[str]], key: str, kept: Mapping[str, str] | None = None
) -> None:
    """Write `parameters` into the address, and beside them `kept`, no part of the view."""
    wanted = {name: list(values) for name, values in parameters.items()}
    written: list[tuple[float, dict[str, list[str]]]] = list(st.session_state.get(key, []))
    now = time.monotonic()
    if not written or written[-1][1] != wanted:
        if written:
            written[-1] = (now, written[-1][1])
        written.append((now, wanted))
    st.session_state[key] = written[-MOST_RECENT:]
    address = wanted | {name: [value] for name, value in (kept or {}).items()}
    if {name: st.query_params.get_all(name) for name in st.query_params} != address:
        st.query_params.from_dict(address)
