"""E-mail addresses: what a facilitator signs in with."""

import re
import unicodedata

LONGEST = 254
"""In characters: what mail itself allows."""

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")


class NotAnAddressError(ValueError):
    """It is no e-mail address. The product sends no mail, so this finds slips only."""

    def __init__(self) -> None:
        super().__init__("this is not an e-mail address")


def read_address(text: str) -> str:
    """The address that was typed, without the spaces around it. Raises NotAnAddressError."""
    address = text.strip()
    if len(address) > LONGEST or not address.isprintable() or not _ADDRESS.fullmatch(address):
        raise NotAnAddressError
    return address


def comparable(address: str) -> str:
    """The form in which two ways to write an address are the same, whatever their capitals and their encoding."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", address).casefold()).strip()
