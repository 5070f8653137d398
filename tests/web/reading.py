"""Reading a page as somebody sees it: its tables as text, and all that it says."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """The rows of a page's tables, cell by cell, and its text without what charts say."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.said: list[str] = []
        self._charts = 0
        self._in_cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")
            self._in_cell = True
        elif tag == "svg":
            self._charts += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self._charts -= 1
        elif tag in {"td", "th"}:
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._charts:
            return
        self.said.append(data)
        if self._in_cell:
            self.tables[-1][-1][-1] += data

    @property
    def text(self) -> str:
        """Everything, on one line."""
        return " ".join(" ".join(self.said).split())

    def row(self, name: str, table: int = 0) -> list[str]:
        """The cells after the row's name."""
        for row in self.tables[table]:
            if row and " ".join(row[0].split()) == name:
                return [" ".join(cell.split()) for cell in row[1:]]
        raise KeyError(name)
