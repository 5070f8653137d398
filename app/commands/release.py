"""The command `cxm release`: which confidential cohorts may release, by whoever runs the server."""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlmodel import Session

from app import content
from app.commands.terminal import Refusal, read_settings, say
from app.core.cohort.release import Nothing
from app.core.questionnaire.model import Questionnaire
from app.reporting import Releases, let_release
from app.settings import Settings
from app.store import cohorts
from app.store.cohorts import Cohort, ReleasedError
from app.store.database import Database, open_database, sqlite_file

app = typer.Typer(
    help="Which confidential cohorts may release their averages, after a backup was restored.", no_args_is_help=True
)

CohortId = Annotated[str, typer.Argument(metavar="ID", help="The cohort, as `cxm release list` names it.")]


@app.command("list")
def list_() -> None:
    """List the confidential cohorts that release nothing until you decide."""
    with _database(read_settings()) as database, database.reading() as session:
        held = cohorts.confidential_ones(session, held=True)
    if not held:
        say("no cohort is held: every confidential one releases its averages when it is closed")
        return
    for one in held:
        say(f"{one.id}  {one.date:%Y-%m-%d}  {'open' if one.is_open else 'closed':<6}  {one.name}")
    say("")
    say("Each may have been closed, and its averages shown, before the backup was restored. Two such releases of")
    say("nearly the same organisations can be subtracted, and so tell how a single one scored.")
    say("cxm release allow ID    nothing of it was ever shown: it releases, once it is closed")
    say("cxm release refuse ID   it was shown, or may have been: it never releases anything (again)")


@app.command()
def allow(id_: CohortId) -> None:
    """Let a cohort release its averages; if it is closed, they are worked out now."""
    settings = read_settings()
    catalogue = content.catalogue(settings.questionnaires)
    with _database(settings) as database:
        with database.writing() as session:
            cohort = _held(session, id_)
            let_release(session, _edition(catalogue, cohort), cohort, _now())
        if cohort.is_open:
            say(f"{cohort.name}: its averages are worked out when it is closed")
            return
        Releases(database, catalogue).finish()
    say(f"{cohort.name}: worked out; the facilitator sees what is told")


@app.command()
def refuse(id_: CohortId) -> None:
    """Decide for good that a cohort releases nothing; one that is still open stays held until it is closed."""
    with _database(read_settings()) as database, database.writing() as session:
        cohort = _held(session, id_)
        if cohort.is_open:
            raise Refusal(f"{cohort.name} is still open, and held: refuse it once its facilitator has closed it")
        cohorts.lift(session, cohort.id)
        cohorts.keep_release(session, cohort.id, Nothing(nothing="decided").model_dump_json())
    say(f"{cohort.name}: it releases nothing, for good")


@app.command()
def hold(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID…]", help="All that are open, if left out.")] = None,
) -> None:
    """Hold open confidential cohorts, where an older database was brought back by other means than `cxm restore`."""
    with _database(read_settings()) as database, database.writing() as session:
        chosen = ids if ids is not None else [one.id for one in cohorts.confidential_ones(session, held=False)]
        for id_ in chosen:
            if cohorts.cohort(session, id_) is None:
                raise Refusal(f"no cohort has the id {id_!r}; nothing was changed")
            try:
                cohorts.hold(session, id_, _now())
            except ReleasedError:
                raise Refusal(f"{id_} is not confidential, or has released already; nothing was changed") from None
        held = tuple((one.id, one.name) for one in cohorts.confidential_ones(session, held=True))
    tell_held(held)


def tell_held(held: Sequence[tuple[str, str]]) -> None:
    """Says which cohorts release nothing for now, and what to do."""
    if not held:
        return
    say("Held: these confidential cohorts release nothing until you decide, for they may have been shown already:")
    for id_, name in held:
        say(f"  {id_}  {name}")
    say("`cxm release list` says how to decide.")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    file = sqlite_file(settings.database_url)
    if file is not None and not file.is_file():
        raise Refusal(f"there is no database {file}")
    database = open_database(settings.database_url)
    try:
        database.migrate()
        yield database
    finally:
        database.close()


def _held(session: Session, id_: str) -> Cohort:
    cohort = cohorts.cohort(session, id_)
    if cohort is None:
        raise Refusal(f"no cohort has the id {id_!r}: `cxm release list` names those that are held")
    if not cohort.is_held:
        raise Refusal(f"{cohort.name} is not held")
    return cohort


def _edition(catalogue: content.Catalogue, cohort: Cohort) -> Questionnaire:
    questionnaire = catalogue.edition(cohort.questionnaire, cohort.edition)
    if questionnaire is None:
        raise Refusal(f"the cohort's questionnaire {cohort.questionnaire} {cohort.edition} is not on this server")
    return questionnaire
