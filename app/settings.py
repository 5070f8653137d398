"""Settings from the environment, as one frozen object; and where the product's own files are."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app import time_zone

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent


def resource(name: str) -> Path:
    """The folder `questionnaires`, `templates` or `reports`: in the installed package, else in the checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else CHECKOUT / name


def data_folder() -> Path:
    """Where data lies unless an operator says otherwise: in the checkout's `data/`, or under the person's home."""
    in_checkout = (CHECKOUT / "pyproject.toml").is_file()
    return CHECKOUT / "data" if in_checkout else Path.home() / ".local" / "share" / "cxm"


def _default_database() -> str:
    """One SQLite file."""
    return f"sqlite:///{data_folder() / 'cxm.db'}"


class Settings(BaseSettings):
    """What an operator may set, each as `CXM_<NAME>` in the environment."""

    model_config = SettingsConfigDict(env_prefix="CXM_", frozen=True, extra="ignore")

    database_url: str = Field(default_factory=_default_database)
    public_url: str | None = None
    questionnaires: Path | None = None
    exports: Path | None = Field(default=None, description="The folder for what is made in the background.")
    log_format: Literal["text", "json"] = "text"
    time_zone: str | None = Field(default=None, description="The place by whose clock days change; the machine's own.")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value and not time_zone.known(value):
            msg = "must be a name like Europe/Ljubljana that this machine knows (Debian: tzdata)"
            raise ValueError(msg)
        return value or None

    @field_validator("public_url")
    @classmethod
    def _bare_address(cls, value: str | None) -> str | None:
        """Only scheme and host: links and cookies are made for one whole origin."""
        if not value:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
            msg = "must be like https://cx.example.org, without a path"
            raise ValueError(msg)
        return f"{parts.scheme}://{parts.netloc}"
