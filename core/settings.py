"""Settings: `GEMBOARD_*` variables first, then `[gemboard]` in `.streamlit/secrets.toml`."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from core.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
SECRETS = ROOT / ".streamlit" / "secrets.toml"


class Settings(BaseSettings):
    """Everything that a person may set; the descriptions are the table in docs/settings.md."""

    model_config = SettingsConfigDict(
        env_prefix="GEMBOARD_", env_ignore_empty=True, frozen=True, extra="forbid"
    )

    home: Path = Field(
        default=Path("var"),
        description="Folder of the database, pictures, thumbnails and models; "
        "a relative path counts from the project's root.",
    )
    encoder: str = Field(
        default="ViT-L-14-quickgelu/openai",
        description="Encoder that `embed` takes when none is named: an open_clip "
        "`NAME/PRETRAINED`, or `local-dir:FOLDER`.",
    )
    device: str = Field(
        default="auto",
        description="Where encoders run: `auto` (a GPU when there is one), `cpu`, `cuda`.",
    )
    generation_devices: str = Field(
        default="auto",
        description="Where pictures are made: `auto` (all GPUs, else the processor), `cpu`, or a "
        "list such as `cuda:0,cuda:1`; one process each.",
    )
    picture_limit_mpx: float = Field(
        default=64.0,
        gt=0,
        allow_inf_nan=False,
        description="Largest picture taken, in megapixels; larger ones are refused.",
    )
    thumbnail_px: int = Field(
        default=320, ge=32, le=1024, description="Longer side of a thumbnail, in pixels."
    )
    workers: int = Field(
        default=0,
        ge=0,
        description="Threads that read pictures, at import and for metrics of pictures; "
        "0 takes one per core.",
    )
    aesthetic_head: Path | None = Field(
        default=None,
        description="Predictor head of the aesthetic score, a safetensors file; "
        "a relative path counts from the project's root.",
    )
    nsfw_checker: str = Field(
        default="",
        description="Checker that scores new pictures as safe or not: a folder, a hub id, or "
        "`none`; unset, the folder models/nsfw-checker of the home where it is there.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, and that over the secrets file."""
        secrets = InitSettingsSource(settings_cls, init_kwargs=_secrets_table(SECRETS))
        return init_settings, env_settings, secrets

    @property
    def home_path(self) -> Path:
        """`home` as an absolute path."""
        return (ROOT / self.home.expanduser()).resolve()

    @property
    def aesthetic_head_path(self) -> Path | None:
        """`aesthetic_head` as an absolute path, if set."""
        return (ROOT / self.aesthetic_head.expanduser()) if self.aesthetic_head else None

    @property
    def database_path(self) -> Path:
        """The DuckDB file."""
        return self.home_path / "gemboard.duckdb"


def load_settings() -> Settings:
    """The settings in force. Raises SettingsError that names the first one at fault."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "GEMBOARD_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(name, first["msg"]) from error


def _secrets_table(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("gemboard", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(str(path.relative_to(ROOT)), f"is not valid TOML: {error}") from error
    if not isinstance(table, dict):
        raise SettingsError(str(path.relative_to(ROOT)), "gemboard must be a table: [gemboard].")
    return table
