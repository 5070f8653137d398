"""All reports as one ZIP: made in the background, resumed after a crash, fetched in pieces, gone with who leaves."""

import os
import stat
import time
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pypdf import PdfReader

from app import content
from app.printing import Printer, PrintingFailedError
from app.reporting.bundles import LEFT_OUT, Bundles, folder_of
from app.settings import Settings
from app.store import cohorts
from app.store.database import open_database
from app.store.exports import jobs
from app.store.exports.jobs import Job
from tests.web.facilitator.cohorts import Made, make_cohort
from tests.web.facilitator.facilitating import facilitator, now
from tests.web.facilitator.taking_home import add, confidential, pulse, shared_with
from tests.web.visiting import house_of, stranger, web

HTMX = {"hx-request": "true"}


class QuickPrinter(Printer):
    """Prints a name only, where it is about the ZIP; refuses those it is told to."""

    def __init__(self, refused: str = "", meanwhile: Callable[[int], None] | None = None) -> None:
        super().__init__()
        self.printed = 0
        self._refused, self._meanwhile = refused, meanwhile

    def pdf(self, html: str) -> bytes:
        """The paper."""
        if self._refused and self._refused in html:
            raise PrintingFailedError("too long")
        self.printed += 1
        if self._meanwhile:
            self._meanwhile(self.printed)
        return b"%PDF " + html.partition("<title>")[2].partition("</title>")[0].encode()


def bundles(app: FastAPI, printer: Printer | None = None, clock: Callable[[], datetime] = now) -> Bundles:
    """What a server process of its own would make the ZIPs with."""
    house = house_of(app)
    folder = folder_of(house.settings, house.database)
    return Bundles(house.database, house.catalogue, folder, printer or QuickPrinter(), clock)


def newest(app: FastAPI, cohort: Made) -> Job:
    """The cohort's last job."""
    with house_of(app).database.reading() as session:
        job = jobs.newest(session, cohort.id)
    assert job is not None
    return job


def asked(browser: TestClient, cohort: Made) -> None:
    """Has the ZIP made."""
    assert browser.post(cohort.path("reports")).status_code == 303


def address(app: FastAPI, cohort: Made) -> str:
    """Where the ZIP is fetched."""
    return cohort.path("reports", newest(app, cohort).id, "reports.zip")


def files(app: FastAPI) -> list[Path]:
    """What lies in the folder."""
    folder = bundles(app).folder
    return sorted(folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
def own_app(tmp_path: Path) -> FastAPI:
    """An application whose folder nobody else uses."""
    return web(f"sqlite:///{tmp_path / 'cxm.db'}")


def test_twelve_reports_come_as_twelve_pdfs_each_of_its_organisation(own_app: FastAPI) -> None:
    cohort = make_cohort(own_app)
    names = [f"Organizacija Č {number}" for number in range(1, 12)]
    add(own_app, cohort, *(pulse(own_app, name, 1 + place % 5) for place, name in enumerate([*names, names[0]])))
    asked(cohort.owner, cohort)

    assert "Waiting for its turn" in cohort.owner.get(cohort.path("reports")).text
    assert bundles(own_app, Printer()).work()

    response = cohort.owner.get(address(own_app, cohort))
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(response.content)) as bundle:
        assert bundle.testzip() is None
        assert bundle.namelist() == [
            *(f"{number:02}-organizacija-c-{number}.pdf" for number in range(1, 12)),
            "12-organizacija-c-1.pdf",
        ]
        for place, entry in enumerate(bundle.namelist()):
            title = PdfReader(BytesIO(bundle.read(entry))).metadata
            assert title is not None
            assert title.title == f"Gap report: {[*names, names[0]][place]}"


def test_the_page_shows_how_far_it_is_and_asks_again_only_while_it_is_being_made(own_app: FastAPI) -> None:
    cohort = make_cohort(own_app)
    add(own_app, cohort, *(pulse(own_app, f"O{number}") for number in range(3)))
    seen: list[str] = []
    printer = QuickPrinter(meanwhile=lambda _: seen.append(cohort.owner.get(cohort.path("reports"), headers=HTMX).text))
    before = cohort.owner.get(cohort.path("reports")).text
    asked(cohort.owner, cohort)
    bundles(own_app, printer).work()
    after = cohort.owner.get(cohort.path("reports")).text

    assert "hx-trigger" not in before
    assert "Make the ZIP of 3 reports" in before
    assert [f'value="{done}" max="3"' in text for done, text in enumerate(seen)] == [True, True, True]
    assert all('hx-trigger="every 2s"' in text and "<html" not in text for text in seen)
    assert "hx-trigger" not in after
    assert address(own_app, cohort) in after


def test_a_part_of_the_zip_is_the_same_as_in_the_whole(own_app: FastAPI) -> None:
    cohort = make_cohort(own_app)
    add(own_app, cohort, pulse(own_app, "Ena"), pulse(own_app, "Dve"))
    asked(cohort.owner, cohort)
    bundles(own_app).work()
    whole = cohort.owner.get(address(own_app, cohort), headers={"accept-encoding": "gzip"})

    first = cohort.owner.get(address(own_app, cohort), headers={"range": "bytes=0-99"})
    tag = {"range": "bytes=100-", "if-range": whole.headers["etag"]}
    rest = cohort.owner.get(address(own_app, cohort), headers=tag)
    other = cohort.owner.get(address(own_app, cohort), headers=tag | {"if-range": '"another"'})

    assert (first.status_code, rest.status_code, other.status_code) == (206, 206, 200)
    assert first.headers["content-range"] == f"bytes 0-99/{len(whole.content)}"
    assert first.content + rest.content == whole.content == other.content
    assert whole.headers["accept-ranges"] == "bytes"


def test_a_job_whose_process_died_is_taken_over_and_done(own_app: FastAPI) -> None:
    cohort = make_cohort(own_app)
    add(own_app, cohort, *(pulse(own_app, f"O{number}") for number in range(3)))
    asked(cohort.owner, cohort)

    def die(printed: int) -> None:
        if printed == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bundles(own_app, QuickPrinter(meanwhile=die)).work()
    assert newest(own_app, cohort).state == "running"
    assert not bundles(own_app).work()  # it might still be alive

    assert bundles(own_app, clock=lambda: now() + timedelta(minutes=3)).work()

    assert (newest(own_app, cohort).state, newest(own_app, cohort).claims) == ("done", 2)
    with zipfile.ZipFile(BytesIO(cohort.owner.get(address(own_app, cohort)).content)) as bundle:
        assert len(bundle.namelist()) == 3


def test_a_server_that_is_stopped_in_between_gives_the_job_back_at_once(own_app: FastAPI) -> None:
    cohort = make_cohort(own_app)
    add(own_app, cohort, *(pulse(own_app, f"O{number}") for number in range(3)))
    asked(cohort.owner, cohort)
    stopped: list[Bundles] = []
    stopped.append(bundles(own_app, QuickPrinter(meanwhile=lambda _: stopped[0].stop())))

    assert stopped[0].work()

    assert newest(own_app, cohort).state == "waiting"
    assert files(own_app) == []
    assert bundles(own_app).work()
    assert newest(own_app, cohort).state == "done"


def test_the_thread_of_a_server_works_by_itself_and_ends(own_app: FastAPI) -> None:
    cohort = make_cohort(own_app)
    add(own_app, cohort, pulse(own_app, "Ena"))
    asked(cohort.owner, cohort)
    threaded = bundles(own_app)
    threaded.start()
    deadline = time.monotonic() + 20
    while newest(own_app, cohort).state != "done" and time.monotonic() < deadline:
        time.sleep(0.05)
    threaded.stop()

    assert newest(own_app, cohort).state == "done"


def test_a_report_that_cannot_be_printed_is_named_and_the_others_come(own_app: FastAPI) -> None:
    cohort = make_cohort(own_app)
    add(own_app, cohort, pulse(own_app, "Dobra"), pulse(own_app, "<b>Slaba"), pulse(own_app, "Tudi dobra"))
    asked(cohort.owner, cohort)
    bundles(own_app, QuickPrinter(refused="Slaba")).work()

    shown = cohort.owner.get(cohort.path("reports")).text
    with zipfile.ZipFile(BytesIO(cohort.owner.get(address(own_app, cohort)).content)) as bundle:
        assert bundle.namelist() == ["01-dobra.pdf", "03-tudi-dobra.pdf", LEFT_OUT]
        assert bundle.read(LEFT_OUT).decode() == "<b>Slaba\r\n"
    assert "1 report could not be made" in shown
    assert "<li>&lt;b&gt;Slaba</li>" in shown


def test_where_no_report_can_be_printed_the_job_fails_and_says_so(own_app: FastAPI) -> None:
    cohort = make_cohort(own_app)
    add(own_app, cohort, pulse(own_app, "Slaba"))
    asked(cohort.owner, cohort)
    bundles(own_app, QuickPrinter(refused="Slaba")).work()

    assert newest(own_app, cohort).state == "failed"
    assert "The ZIP could not be made" in cohort.owner.get(cohort.path("reports")).text
    assert cohort.owner.get(address(own_app, cohort)).status_code == 404
    assert files(own_app) == []


@pytest.mark.parametrize("end", ["erase", "withdraw"])
def test_the_zip_is_gone_when_an_organisation_leaves(own_app: FastAPI, end: str) -> None:
    cohort = make_cohort(own_app)
    (place, _) = add(own_app, cohort, pulse(own_app, "Kanarček"), pulse(own_app, "Druga"))
    asked(cohort.owner, cohort)
    bundles(own_app).work()
    fetched = address(own_app, cohort)
    assert cohort.owner.get(fetched).status_code == 200
    member = stranger(own_app)
    assert member.get(f"/r/{place.token}").status_code == 303
    fields = {"word": "erase"} if end == "erase" else {}
    assert member.post(f"/assessments/{place.assessment}/{end}", data=fields).status_code in {200, 303}

    assert cohort.owner.get(fetched).status_code == 404
    bundles(own_app).tidy()
    assert files(own_app) == []


@pytest.mark.parametrize("end", ["erase", "withdraw"])
def test_who_leaves_while_the_zip_is_made_is_in_none(own_app: FastAPI, end: str) -> None:
    cohort = make_cohort(own_app)
    (place, *_) = add(own_app, cohort, *(pulse(own_app, f"O{number}") for number in range(3)))
    member = stranger(own_app)
    member.get(f"/r/{place.token}")
    asked(cohort.owner, cohort)

    def leave(printed: int) -> None:
        if printed == 2:
            fields = {"word": "erase"} if end == "erase" else {}
            assert member.post(f"/assessments/{place.assessment}/{end}", data=fields).status_code in {200, 303}

    bundles(own_app, QuickPrinter(meanwhile=leave)).work()

    assert files(own_app) == []
    with house_of(own_app).database.reading() as session:
        assert jobs.newest(session, cohort.id) is None


def test_the_file_is_its_owners_and_lives_a_day(own_app: FastAPI) -> None:
    cohort = make_cohort(own_app)
    add(own_app, cohort, pulse(own_app, "Ena"))
    asked(cohort.owner, cohort)
    bundles(own_app).work()
    (file,) = files(own_app)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    bundles(own_app, clock=lambda: now() + timedelta(hours=23)).tidy()
    assert files(own_app) == [file]
    bundles(own_app, clock=lambda: now() + timedelta(hours=25)).tidy()
    assert files(own_app) == []
    assert "Make the ZIP of 1 report" in cohort.owner.get(cohort.path("reports")).text


def test_what_a_crash_left_behind_is_tidied_away_but_not_what_another_process_is_at(own_app: FastAPI) -> None:
    folder = bundles(own_app).folder
    folder.mkdir()
    left, at_it, nobodys = (folder / name for name in ("aaaa-1.zip.part", "bbbb-1.zip.part", "cccc-1.zip"))
    for file in (left, at_it, nobodys):
        file.write_bytes(b"PK")
    old = now().timestamp() - 600
    os.utime(left, (old, old))

    bundles(own_app).tidy()

    assert files(own_app) == [at_it]


def test_a_zip_whose_file_is_lost_can_be_made_anew(own_app: FastAPI) -> None:
    cohort = make_cohort(own_app)
    add(own_app, cohort, pulse(own_app, "Ena"))
    asked(cohort.owner, cohort)
    bundles(own_app).work()
    files(own_app)[0].unlink()

    assert cohort.owner.get(address(own_app, cohort)).status_code == 404
    assert "Make the ZIP of 1 report" in cohort.owner.get(cohort.path("reports")).text


def test_asking_twice_makes_one_and_nothing_is_made_of_nobody(own_app: FastAPI) -> None:
    cohort, empty = make_cohort(own_app), make_cohort(own_app)
    add(own_app, cohort, pulse(own_app, "Ena"))
    asked(cohort.owner, cohort)
    asked(cohort.owner, cohort)
    asked(empty.owner, empty)

    assert bundles(own_app).work()
    assert not bundles(own_app).work()
    assert "No organisation has finished yet" in empty.owner.get(empty.path("reports")).text


def test_the_zip_is_for_those_who_may_look_at_its_cohort(own_app: FastAPI) -> None:
    cohort, another = make_cohort(own_app), make_cohort(own_app)
    add(own_app, cohort, pulse(own_app, "Ena"))
    reader = shared_with(own_app, cohort, "read")
    asked(reader, cohort)
    bundles(own_app).work()
    job = newest(own_app, cohort).id

    assert reader.get(address(own_app, cohort)).status_code == 200
    assert facilitator(own_app).browser.get(address(own_app, cohort)).status_code == 404
    assert stranger(own_app).get(address(own_app, cohort)).status_code == 303
    # Another cohort's address is no way to it.
    assert another.owner.get(another.path("reports", job, "reports.zip")).status_code == 404


@pytest.mark.parametrize("closed", [False, True])
def test_a_confidential_cohort_has_no_zip(own_app: FastAPI, closed: bool) -> None:
    cohort = confidential(own_app, 5, closed=closed)

    assert cohort.owner.get(cohort.path("reports")).status_code == 404
    assert cohort.owner.post(cohort.path("reports")).status_code == 404
    with house_of(own_app).database.writing() as session:
        kept = cohorts.cohort(session, cohort.id)
        assert kept is not None
        job = jobs.start(session, cohort.id, kept.owner_id, "reports", 5, now())
    bundles(own_app).work()
    assert newest(own_app, cohort).state == "failed"
    assert files(own_app) == []
    assert cohort.owner.get(cohort.path("reports", job.id, "reports.zip")).status_code == 404


def test_several_servers_on_one_database_make_each_zip_once(tmp_path: Path, postgres_url: str) -> None:
    app = web(postgres_url)
    cohort_ = [make_cohort(app, name=f"C{number}") for number in range(2)]
    for cohort in cohort_:
        add(app, cohort, pulse(app, "Ena"))
        asked(cohort.owner, cohort)
    database = open_database(postgres_url)
    first, second = (
        Bundles(one, content.catalogue(), tmp_path / "shared", QuickPrinter())
        for one in (house_of(app).database, database)
    )
    claims: list[bool] = []
    claims += [first.work(), second.work(), first.work()]

    assert claims == [True, True, False]
    assert {newest(app, cohort).state for cohort in cohort_} == {"done"}
    assert len(list((tmp_path / "shared").iterdir())) == 2
    database.close()
    house_of(app).database.close()


def test_the_folder_lies_beside_the_database_or_where_the_operator_says(own_app: FastAPI, tmp_path: Path) -> None:
    house = house_of(own_app)

    assert folder_of(house.settings, house.database) == tmp_path / "cxm.db-exports"
    elsewhere = Settings(database_url=house.settings.database_url, exports=tmp_path / "shared")
    assert folder_of(elsewhere, house.database) == tmp_path / "shared"
