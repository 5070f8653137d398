"""Codes that stand on a wall and are typed into phones: each lets into a cohort, or into one organisation's team.

No code is ever both, so that one page can take either.
"""

import secrets
from typing import Literal

from sqlmodel import Session, select

from app.store import tables

# Crockford's: 32 characters, so that eight of them are 40 bits, and none that is misread as another of them. (Without
# 0 and 1 as well there would be 30, and less than 40 bits.)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_LOOK_ALIKES = str.maketrans("OIL", "011")


def new_code(session: Session) -> str:
    """A code that neither a cohort nor a team has."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        cohort = select(tables.Cohort.id).where(tables.Cohort.join_code == code)
        team = select(tables.Assessment.id).where(tables.Assessment.team_code == code)
        if session.exec(cohort).first() is None and session.exec(team).first() is None:
            return code


def shut(session: Session, code: str) -> Literal["closed", "expired"] | None:
    """Why a code lets nobody in that lets nobody in, if a cohort or a team has it; None for one that is nobody's."""
    meant = as_meant(code)
    cohort = session.exec(select(tables.Cohort).where(tables.Cohort.join_code == meant)).first()
    if cohort is None:
        team = session.exec(select(tables.Assessment).where(tables.Assessment.team_code == meant)).first()
        if team is None:
            return None
        cohort = session.get(tables.Cohort, team.cohort_id) if team.cohort_id and not team.withdrawn_at else None
    return "closed" if cohort and (cohort.closed_at or cohort.archived_at) else "expired"


def as_meant(typed: str) -> str:
    """A code as it is kept, from what somebody typed: in any capitals, in groups, with O for 0, I and L for 1."""
    letters = typed.upper().translate(_LOOK_ALIKES)
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


def shown(code: str) -> str:
    """A code as it is read and spoken: two groups of four."""
    return f"{code[:4]} {code[4:]}"
