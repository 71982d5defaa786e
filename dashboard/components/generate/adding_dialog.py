"""Adding a model: a safetensors file, a folder of this machine, or one of the hub's."""

import streamlit as st

from core.errors import GemboardError
from dashboard import generation, model_adding
from dashboard.components.notices import literal, show_error
from dashboard.components.pickers import segments
from dashboard.state import generate as state
from warehouse.generation.adding import AddedModel
from warehouse.generation.model_details import ModelDetails

UPLOAD_LIMIT_MIB = 2_048  # an upload stands in memory as a whole
WAYS = {"upload": "Upload a file", "named": "Hub id or path"}


@st.dialog("Add a model", icon=":material/add_box:")
def adding_dialog() -> None:
    """Where its weights are and what it is called; at the end it can be picked."""
    way = segments("From", WAYS, state.ADD_WAY, label_visibility="collapsed")
    file, place = None, ""
    if way == "upload":
        file = st.file_uploader(
            "A checkpoint or a LoRA as .safetensors",
            "safetensors",
            key=state.ADD_FILE,
            max_upload_size=UPLOAD_LIMIT_MIB,
            help="Larger files: copy them to this machine and give their path. Pickle files "
            "(.ckpt, .pt) can run programs and are refused.",
        )
    else:
        place = st.text_input(
            "OWNER/NAME on the Hugging Face hub, or a path on the machine of the dashboard",
            key=state.ADD_PLACE,
            placeholder="stable-diffusion-v1-5/stable-diffusion-v1-5",
        ).strip()
    name = st.text_input("Name", key=state.ADD_NAME, placeholder="That of the file")
    base = st.selectbox(
        "Base model",
        sorted({model.base_model for model in generation.models() if model.base_model}),
        index=None,
        key=state.ADD_BASE,
        accept_new_options=True,
        placeholder="What the file itself tells",
        help="What a LoRA was made for, or which family a checkpoint belongs to. It is checked "
        "against the shapes in the file.",
    )
    if not st.button("Add", type="primary", icon=":material/add:", key="generate.add_now"):
        return
    if file is None and not place:
        st.caption(":red[Choose a file first.]" if way == "upload" else ":red[Say which first.]")
        return
    bar = st.progress(0.0, "Reading the file")
    try:
        details = ModelDetails(base=base, name=name)

        def show(what: str, done: int, total: int) -> None:
            bar.progress(min(1.0, done / max(1, total)), f"{what.capitalize()} the file")

        if file is not None:
            added = model_adding.add_upload(file, file.name, details, show)
        else:
            added = model_adding.add_named(place, details, show)
    except GemboardError as error:
        bar.empty()
        show_error(error)
        return
    _tell(added)
    st.rerun()


def _tell(added: AddedModel) -> None:
    st.session_state[state.ADDED] = added.model_version_id
    what = "is in the roster now and picked" if added.is_new else "was here already, and is picked"
    st.session_state[state.TOLD] = f"**{literal(added.model_name)}** {what}."
