"""All reports of an open cohort as one ZIP, made in the background by a thread of each process."""

import datetime
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import structlog

from app.content import Catalogue
from app.core.answers.document import AnswerDocument
from app.core.questionnaire.model import Questionnaire
from app.exporting.names import slug
from app.printing import Printer, PrinterBusyError, PrintingFailedError
from app.reporting.background import Background, now
from app.reporting.rendering import printed
from app.reporting.sittings import report_for
from app.settings import Settings, data_folder
from app.store import cohorts
from app.store.assessments import GoneError
from app.store.cohorts import ConfidentialError
from app.store.database import Database
from app.store.errors import DatabaseUnavailableError
from app.store.exports import jobs
from app.store.exports.jobs import Job
from app.store.tables import JobKind

KIND: JobKind = "reports"
PART = ".part"
LEFT_OUT = "not-printed.txt"
"""The file in the ZIP that names the organisations whose report could not be printed."""
SECONDS_A_REPORT = 60.0
"""Longer than for one that somebody waits for; well within the silence after which a job counts as left."""

Clock = Callable[[], datetime.datetime]

log = structlog.get_logger("cxm")


class _StoppedError(Exception):
    """The server stops before the job is done."""


def folder_of(settings: Settings, database: Database) -> Path:
    """Where the files lie: beside the SQLite file, or where the operator says (several servers need to share it)."""
    file = database.file or data_folder() / "cxm.db"
    return settings.exports or file.with_name(f"{file.name}-exports")


class Bundles(Background):
    """Takes on the jobs of this database one after the other, and tidies the folder of what nobody wants any more.

    It has a printer of its own, which gives way: whoever waits for a single report does not wait for these.
    """

    name: ClassVar[str] = "bundles"

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        folder: Path,
        printer: Printer | None = None,
        clock: Clock = now,
    ) -> None:
        super().__init__()
        self.folder = folder
        self._database, self._catalogue = database, catalogue
        self._printer = printer or Printer(workers=1, queue=0, seconds=SECONDS_A_REPORT, gives_way=True)
        self._clock = clock

    def file(self, job: Job) -> Path | None:
        """The finished ZIP; None where it is not finished, or gone."""
        found = self.folder / job.file if job.file else None
        return found if found and found.is_file() else None

    def work(self) -> bool:
        """Does one job; False where there is none."""
        self.tidy()
        with self._database.writing() as session:
            claimed = jobs.claim_next(session, KIND, self._clock())
        if claimed is None:
            return False
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{claimed.id}-{claimed.claims}.zip"
        part = self.folder / (name + PART)
        try:
            self._make(claimed, part)
            with self._database.writing() as session:
                jobs.finish(session, claimed, name, self._clock())
            # Only now: a file that no job names yet is one to be deleted.
            part.replace(self.folder / name)
        except _StoppedError:
            with self._database.writing() as session:
                jobs.give_back(session, claimed, self._clock())
        except GoneError:
            log.info("bundle", outcome="nobody wants it any more")
        except _FailedError as failure:
            with self._database.writing() as session:
                jobs.fail(session, claimed, str(failure), self._clock())
        finally:
            part.unlink(missing_ok=True)
        return True

    def tidy(self) -> None:
        """Deletes the files that no job names: a day old, or of a cohort that an organisation has left."""
        now = self._clock()
        if not self.folder.is_dir():
            return
        there = list(self.folder.iterdir())
        with self._database.writing() as session:
            jobs.drop_old(session, now)
            wanted = jobs.files(session)
        for file in there:
            if file.suffix == PART:
                # Another process may be at it.
                abandoned = file.stat().st_mtime < (now - 2 * jobs.SILENCE).timestamp() if file.exists() else False
            else:
                abandoned = file.name not in wanted
            if abandoned:
                file.unlink(missing_ok=True)

    def _make(self, claimed: Job, part: Path) -> None:
        """Writes the ZIP. Raises GoneError, _FailedError, _StoppedError."""
        questionnaire, documents = self._gathered(claimed)
        left_out: list[str] = []
        digits = max(2, len(str(len(documents))))
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w") as bundle:
            for number, document in enumerate(documents, 1):
                if self._stopping.is_set():
                    raise _StoppedError
                pdf = self._printed(questionnaire, document)
                if pdf is None:
                    left_out.append(document.organisation)
                else:
                    name = f"{number:0{digits}}-{slug(document.organisation) or 'organisation'}.pdf"
                    bundle.writestr(self._entry(name), pdf)
                    file.flush()
                self._advance(claimed, number)
                self.tidy()
            if left_out:
                bundle.writestr(self._entry(LEFT_OUT), "".join(f"{name}\r\n" for name in left_out))
        if len(left_out) == len(documents):
            raise _FailedError("; ".join(left_out))

    def _gathered(self, claimed: Job) -> tuple[Questionnaire, list[AnswerDocument]]:
        with self._database.reading() as session:
            cohort = cohorts.cohort(session, claimed.cohort_id)
            try:
                documents = [document for _, document in cohorts.documents(session, claimed.cohort_id)]
            except ConfidentialError:
                documents = []
        questionnaire = self._catalogue.edition(cohort.questionnaire, cohort.edition) if cohort else None
        if questionnaire is None or not documents:
            raise _FailedError
        return questionnaire, documents

    def _printed(self, questionnaire: Questionnaire, document: AnswerDocument) -> bytes | None:
        """The organisation's report in its own language; None where it cannot be printed."""
        try:
            return self._printer.pdf(printed(report_for(questionnaire, document, document.language)))
        except (PrintingFailedError, PrinterBusyError) as failure:
            log.error("printing", reason=str(failure))
            return None

    def _advance(self, claimed: Job, done: int) -> None:
        try:
            with self._database.writing() as session:
                jobs.advance(session, claimed, done, self._clock())
        except DatabaseUnavailableError as error:
            log.warning("bundles", reason=str(error))  # told with the next one

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, self._clock().timetuple()[:6])
        entry.external_attr = 0o600 << 16
        return entry


class _FailedError(Exception):
    """There is nothing to put into the ZIP; in words, the organisations that could not be printed."""


def left_out(file: Path) -> list[str]:
    """The organisations whose report is missing in the ZIP, because it could not be printed."""
    with zipfile.ZipFile(file) as bundle:
        return bundle.read(LEFT_OUT).decode().splitlines() if LEFT_OUT in bundle.namelist() else []
