"""The command `cxm`."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from app import content, printing, reporting
from app.commands import demo, release, users
from app.commands.terminal import Refusal, note, read_settings, say, say_link
from app.core.answers.document import AnswerDocument, Find, RefusedError, read_document
from app.core.cohort import comparison
from app.core.questionnaire.model import Questionnaire
from app.core.scoring import scorecard
from app.settings import resource
from app.store import assessments
from app.store import backup as backups
from app.store.database import open_database, sqlite_file
from app.store.errors import StoreError

FAULTY_INPUT = 2

app = typer.Typer(
    help="CX Maturity: a survey of customer-experience maturity.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(users.app, name="user")
app.add_typer(release.app, name="release")
app.command()(demo.demo)

AnswersFile = Annotated[Path, typer.Argument(metavar="ANSWERS.json", help="An answer document.")]
CohortFile = Annotated[Path, typer.Argument(metavar="COHORT.json", help="A JSON list of answer documents.")]


def main() -> None:
    """Run `cxm`; whatever was refused is one line on standard error, never a traceback."""
    try:
        app()
    except (Refusal, RefusedError, content.FaultyQuestionnaireError, StoreError) as refusal:
        print(f"cxm: {str(refusal).splitlines()[0]}", file=sys.stderr)  # noqa: T201 - the command's own output
        sys.exit(FAULTY_INPUT)


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Refusal(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Refusal(f"{file}: not UTF-8 text") from None


def _document(file: Path) -> tuple[AnswerDocument, Questionnaire]:
    text = _read(file)
    try:
        return read_document(text, content.catalogue(read_settings().questionnaires).edition)
    except RefusedError as refused:
        raise Refusal(f"{file}: {refused}") from None


def _cohort(file: Path, find: Find, like: AnswerDocument | None = None) -> tuple[list[AnswerDocument], Questionnaire]:
    text = _read(file)
    try:
        return comparison.read_cohort(text, find, like)
    except RefusedError as refused:
        raise Refusal(f"{file}: {refused}") from None


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for the local network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
) -> None:
    """Run the web server."""
    from app.commands import serve as serving  # noqa: PLC0415 - the web is loaded only where it serves

    try:
        serving.serve(read_settings(), host, port)
    except serving.CannotListenError as error:
        raise Refusal(str(error)) from None


@app.command()
def link(
    organisation: Annotated[str, typer.Argument(help="The organisation's name, or a part of it.")],
    id_: Annotated[str | None, typer.Option("--id", help="Which assessment, where several match.")] = None,
) -> None:
    """Make a new private link for an organisation that lost its own; the old link stops working."""
    if not organisation.strip():
        raise Refusal("which organisation? Give its name, or a part of it")
    settings = read_settings()
    file = sqlite_file(settings.database_url)
    if file is not None and not file.is_file():
        raise Refusal(f"there is no database {file}")
    database = open_database(settings.database_url)
    database.migrate()
    with database.writing() as session:
        found = [one for one in assessments.find_organisation(session, organisation) if id_ in {None, one.id}]
        # A part of a name only finds: a slip of the keyboard must not lock out the wrong organisation.
        exact = len(found) == 1 and (id_ or found[0].organisation.casefold() == organisation.strip().casefold())
        token = assessments.rotate_link(session, found[0].owner) if exact else None
    database.close()
    if not found:
        raise Refusal(f"no assessment of {organisation!r}" + (f" with the id {id_}" if id_ else ""))
    if token is None:
        for one in found:
            say(f"{one.id}  {one.updated_at:%Y-%m-%d %H:%M}  {one.form:<5}  {one.organisation}")
        raise Refusal("nothing was changed: give the whole name, or say which with --id")
    note(f"the new private link of {found[0].organisation}; the old one no longer works")
    say_link(settings, f"/r/{token}")


@app.command()
def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes.")]) -> None:
    """Copy the SQLite database, also while the server runs; the copy is checked before it counts."""
    database = open_database(read_settings().database_url)
    try:
        backups.backup(database, file)
    finally:
        database.close()
    say(f"{file}: a verified copy. It holds everybody's answers: keep it to yourself.")


@app.command()
def restore(file: Annotated[Path, typer.Argument(metavar="FILE", help="A copy that `cxm backup` made.")]) -> None:
    """Put a copy in the database's place, with the server stopped; a damaged copy is refused, shared links end."""
    restored = backups.restore(read_settings().database_url, file)
    say(f"restored from {file}")
    if restored.former:
        say(f"the former database is kept as {restored.former}")
    if restored.erased_again:
        say(f"{restored.erased_again} assessments that had been erased since were erased again")
    if not restored.erasures_known:
        say("the former database was too damaged to say what had been erased since the copy was made")
    release.tell_held(restored.held)


@app.command()
def check(paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH…]")] = None) -> None:
    """Validate questionnaires: each fault on a line `file:key: reason`."""
    faulty = False
    for path in paths or [read_settings().questionnaires or resource("questionnaires")]:
        try:
            found, faults = content.read(path)
        except OSError as error:
            raise Refusal(f"{path}: {error.strerror}") from None
        for fault in faults:
            say(str(fault))
        faulty = faulty or bool(faults)
        if not faults:
            for questionnaire in found:
                languages = ", ".join(questionnaire.languages)
                say(f"{path}: {questionnaire.id} {questionnaire.edition} is sound ({languages})")
    if faulty:
        raise typer.Exit(1)


@app.command()
def score(answers: AnswersFile) -> None:
    """Print the scorecard of an answer document as JSON."""
    document, questionnaire = _document(answers)
    card = scorecard.score(questionnaire, document)
    say(json.dumps(scorecard.as_json(card), ensure_ascii=False, indent=2, allow_nan=False))


@app.command()
def compare(first: CohortFile, second: CohortFile) -> None:
    """Print how two cohorts of the same edition and form compare, as JSON; differences are second minus first."""
    find = content.catalogue(read_settings().questionnaires).edition
    before, questionnaire = _cohort(first, find)
    after, _ = _cohort(second, find, like=before[0])
    peers = [[scorecard.score(questionnaire, document) for document in documents] for documents in (before, after)]
    found = comparison.compare(questionnaire, peers)
    say(json.dumps(comparison.as_json(found), ensure_ascii=False, indent=2, allow_nan=False))


@app.command()
def report(
    answers: AnswersFile,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE.pdf", help="Where the PDF goes.")],
    lang: Annotated[str | None, typer.Option(help="The report's language; the document's if left out.")] = None,
) -> None:
    """Print the gap report of an answer document as PDF, the same that the web gives."""
    document, questionnaire = _document(answers)
    if output.is_dir():
        raise Refusal(f"{output}: is a folder")
    wanted = lang or document.language
    told = reporting.report_for(questionnaire, document, wanted)
    if told.language != wanted:
        print(f"cxm: {wanted!r} is not among the questionnaire's languages; in {told.language!r}", file=sys.stderr)  # noqa: T201 - the command's own output
    try:
        pdf = printing.Printer().pdf(reporting.printed(told))
    except printing.PrintingFailedError as failure:
        raise Refusal(f"{answers}: {failure}") from None
    _replace(output, pdf)


def _replace(file: Path, whole: bytes) -> None:
    """Writes the file whole or not at all."""
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_bytes(whole)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refusal(f"{file}: {error.strerror}") from None


if __name__ == "__main__":
    main()
