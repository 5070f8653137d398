"""Reading a PDF back: its text, its bookmarks, and where each label lies."""

from dataclasses import dataclass

import pymupdf

# PyMuPDF has no type hints for what it does; what comes back is checked by the tests' own use of it.


def _opened(pdf: bytes) -> pymupdf.Document:
    return pymupdf.open(stream=pdf, filetype="pdf")  # type: ignore[no-untyped-call]  # no type hints


def pages(pdf: bytes) -> list[str]:
    """Each page's text on one line."""
    with _opened(pdf) as document:
        return [" ".join(str(sheet.get_text()).split()) for sheet in document]


def bookmarks(pdf: bytes) -> list[str]:
    """The titles of the outline."""
    with _opened(pdf) as document:
        return [str(title) for _, title, _ in document.get_toc()]


def missing(expected: list[str], text: str) -> list[str]:
    """Those that `text` does not hold, wherever its lines break."""
    whole = "".join(text.split())
    return [words for words in expected if "".join(words.split()) not in whole]


@dataclass(frozen=True)
class Label:
    """A piece of text and its box, in points from the sheet's upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Label") -> bool:
        """Whether the boxes overlap, the half line left aside that accents and tails leave free."""
        half, its_half = (self.bottom - self.top) / 4, (other.bottom - other.top) / 4
        return (
            self.left < other.right
            and other.left < self.right
            and self.top + half < other.bottom - its_half
            and other.top + its_half < self.bottom - half
        )


def labels(pdf: bytes) -> list[Label]:
    """Every piece of text on the only page of a PDF."""
    with _opened(pdf) as document:
        assert len(document) == 1
        return [
            Label(span["text"], *span["bbox"])
            for block in document[0].get_text("dict")["blocks"]
            for line in block.get("lines", [])
            for span in line["spans"]
            if span["text"].strip()
        ]
