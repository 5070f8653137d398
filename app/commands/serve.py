"""Starting the web server: what the operator is told, and how it is logged."""

import datetime
import logging
import socket
import sys
import traceback
from types import TracebackType

import structlog
import uvicorn
from rich.console import Console

from app.commands.users import LINK_HOURS
from app.main import create_app
from app.settings import Settings
from app.store import accounts
from app.store.database import Database

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to
LARGEST_BACKLOG = 2048
SECONDS_TO_KEEP_ALIVE = 15
SECONDS_TO_FINISH = 10


class CannotListenError(Exception):
    """The address is taken, or not this machine's."""


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped. Raises CannotListenError, and what `create_app` raises."""
    _log_to_standard_error(settings)
    app = create_app(settings)
    try:
        listening = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=LARGEST_BACKLOG
        )
    except OSError as error:
        raise CannotListenError(f"cannot listen on {host}, port {port}: {error.strerror}") from None
    _greet(settings, host, port, _first_link(app.state.house.database))
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # it would write private links; the guard logs routes instead
        server_header=False,
        timeout_keep_alive=SECONDS_TO_KEEP_ALIVE,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
    uvicorn.Server(config).run(sockets=[listening])


def network_addresses() -> list[str]:
    """This machine's addresses on the local network, the one that leads out of it first."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Choosing a route sends nothing; the address is one of those reserved for documentation.
            probe.connect(("192.0.2.1", 9))
            found.append(probe.getsockname()[0])
        except OSError:
            pass  # no way out of this machine
    try:
        named = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        named = []
    found += [str(entry[4][0]) for entry in named]
    return [address for address in dict.fromkeys(found) if not address.startswith("127.")]


def _first_link(database: Database) -> str | None:
    """The token of a new set-up link, which ends the former one; None once there is a facilitator."""
    with database.writing() as session:
        if accounts.all_accounts(session):
            return None
        return accounts.make_one_time_link(session, "setup", None, datetime.datetime.now(datetime.UTC), LINK_HOURS)


def _greet(settings: Settings, host: str, port: int, first_link: str | None) -> None:
    say = Console(highlight=False, soft_wrap=True).print
    here = "127.0.0.1" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    say(f"\n  CX Maturity   [bold]http://{here}:{port}[/bold]")
    # With an https public address cookies are locked to it: at any other nothing would work.
    if host in EVERYWHERE and not (settings.public_url or "").startswith("https:"):
        for address in network_addresses():
            say(f"  on the local network   [bold]http://{address}:{port}[/bold]")
    if settings.public_url:
        say(f"  public address   [bold]{settings.public_url}[/bold]")
        if settings.public_url.startswith("http:"):
            say("  [bold]Warning:[/bold] the public address is http, so private links and answers travel unencrypted.")
            say("  Fine in a workshop's own network; anywhere else put https in front (see README).")
    elif host in EVERYWHERE:
        say("  [bold]Note:[/bold] plain http, for a workshop's own network. For the internet set CXM_PUBLIC_URL to")
        say("  an https address (see README).")
    say("\n  First steps: open the address, choose “Start”, answer, and download the report.")
    if first_link:
        base = settings.public_url or f"http://{here}:{port}"
        say(f"\n  To run workshops, set up the first account; this link works once, for {LINK_HOURS} hours:")
        say(f"  [bold]{base}/setup/{first_link}[/bold]\n")
    say("  Stop with Ctrl+C; everything answered stays in the database.\n")


def _log_to_standard_error(settings: Settings) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(_trace),
            structlog.processors.JSONRenderer()
            if settings.log_format == "json"
            else structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Discreet("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class _Discreet(logging.Formatter):
    """Says of a crash where it happened and what kind of error it was."""

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 - logging's own name
        return _trace(ei)


def _trace(exc_info: ExceptionInfo) -> str:
    """The lines of code and the kinds of error, without the errors' own words: those quote answers, names and links."""
    error = exc_info[1]
    told: list[str] = []
    while error is not None:
        told.append(f"{''.join(traceback.format_tb(error.__traceback__))}{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nwhich came of:\n".join(told)
