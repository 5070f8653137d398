"""Alembic without its ini file, so that it also works from an installed package.

`python -m app.store.migrate "Add cohorts"` writes the next migration from what `tables.py` says; read it before use.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from app.store.errors import DatabaseUnusableError

FOLDER = Path(__file__).parent / "migrations"


def _configuration(connection: Connection | None = None) -> Config:
    config = Config()
    # The parser of ini files reads a % as its own.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def known_revisions() -> frozenset[str]:
    """Every state of the tables that this program can bring up to date."""
    scripts = ScriptDirectory.from_config(_configuration())
    return frozenset(script.revision for script in scripts.walk_revisions())


def upgrade(connection: Connection) -> None:
    """Brings the tables up to date, within the connection's transaction. Raises DatabaseUnusableError."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in known_revisions():
        msg = f"the database was made by another version of this program (its tables are at {found}): use that one"
        raise DatabaseUnusableError(msg)
    command.upgrade(_configuration(connection), "head")


def downgrade(connection: Connection, revision: str) -> None:
    """Takes migrations back, down to `revision` (`base`: all), and what they hold with them."""
    command.downgrade(_configuration(connection), revision)


def write_next(message: str) -> None:
    """Writes the migration that leads from the last one to `tables.py`."""
    number = f"{len(known_revisions()) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/scratch.db")
        with engine.begin() as connection:
            upgrade(connection)
            command.revision(_configuration(connection), message, autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    write_next(sys.argv[1])
