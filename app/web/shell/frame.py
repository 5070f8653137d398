"""What stands around every page of an assessment: its steps, its words, its private link."""

import ipaddress
from urllib.parse import urlsplit

import segno
from fastapi import Request

from app.core.questionnaire import flow
from app.web.shell.guard import LOOPBACK_NAMES
from app.web.shell.visits import House, Visit, own_address

QUIET_ZONE = 4
"""Modules of white that a reader needs around a QR code."""


def frame(visit: Visit) -> dict[str, object]:
    """What every page of an assessment shows around its own matter."""
    parts = flow.parts(visit.questionnaire, visit.sitting.form)
    return {
        "visit": visit,
        "sitting": visit.sitting,
        "words": visit.questionnaire.wording(visit.language),
        "parts": parts,
        "first_part": parts[0].id,
    }


def private_link(request: Request, visit: Visit) -> dict[str, object]:
    """The private link that this browser holds, as text and as the parts of a QR code."""
    link = f"{own_address(request, visit.house)}/r/{visit.token}"
    return {"link": link, "qr": qr_code(link)}


def phones_can_reach(request: Request, house: House) -> bool:
    """Whether the address in a QR code means this machine to a phone too: not if it is a loopback one."""
    host = urlsplit(own_address(request, house)).hostname or ""
    try:
        return host not in LOOPBACK_NAMES and not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True


def qr_code(text: str) -> tuple[int, str]:
    """A QR code as the side of its square and an SVG path of its dark modules, quiet zone included."""
    matrix = list(segno.make(text, error="m", micro=False).matrix)
    path = "".join(
        f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, dark in enumerate(row)
        if dark
    )
    return len(matrix) + 2 * QUIET_ZONE, path
