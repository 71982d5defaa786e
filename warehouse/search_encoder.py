"""The encoder that the stored features came from, loaded for searches by words or a picture."""

from pathlib import Path

from core.encoder_weights import CONFIG_FILE, parse_spec
from core.encoders import Encoder, load_encoder
from core.errors import EncoderError
from core.settings import ROOT, Settings
from warehouse.database import Warehouse

WORLD = ROOT / "core" / "starter" / "world"


def search_encoder(warehouse: Warehouse, key: str, settings: Settings) -> Encoder:
    """The encoder stored under `key`, from weights on this machine.

    Raises EncoderError with the way out where it is not here, and MissingPackageError without
    torch. Features that were computed elsewhere name no weights: for them there is no encoder.
    """
    stored = warehouse.select(
        "select name, weights_sha256, preprocessing from encoders where encoder = $key",
        {"key": key},
    )
    if stored.is_empty() or stored["weights_sha256"][0] is None:
        raise EncoderError(
            f"The features here are called {key} and came without their encoder. "
            "`python -m warehouse embed --scoring` computes features that can be searched."
        )
    name, _, preprocessing = stored.row(0)
    for spec in encoder_specs(name, preprocessing, settings):
        encoder = load_encoder(spec, device=settings.device)
        if encoder.identity.key == key:
            return encoder
    raise EncoderError(
        f"The features here come from the encoder {key}, whose weights were not found. "
        f"Put its folder under {settings.home_path / 'models'}, or name it in GEMBOARD_ENCODER "
        "(local-dir:FOLDER), and start the dashboard again."
    )


def encoder_specs(name: str, preprocessing: str, settings: Settings) -> list[str]:
    """Specs that may be it, by name: the one in the settings, folders of models, then the hub."""
    ending = "" if preprocessing == "squash" else f"+{preprocessing}"
    specs = [settings.encoder] if _called(settings.encoder) == name else []
    for parent in (settings.home_path / "models", settings.home_path / "encoders", WORLD):
        folder = parent / Path(name).name
        if (folder / CONFIG_FILE).is_file():
            specs.append(f"local-dir:{folder}{ending}")
    if "/" in name and not specs:
        specs.append(f"{name}{ending}")
    return specs


def _called(spec: str) -> str:
    parsed = parse_spec(spec)
    if parsed.folder:
        return parsed.folder.name
    return f"{parsed.name}/{Path(parsed.pretrained).name}"
