"""Two independent checkers of PDF/UA-1, and what they hold against a PDF."""

from pathlib import Path

import outloud  # type: ignore[import-untyped]  # has no type hints
import page


def faults(pdf: bytes, folder: Path) -> list[str]:
    """Every error of both; warnings are no faults."""
    strict = page.validate_pdf_bytes(pdf, profile="ua1")
    file = folder / "checked.pdf"
    file.write_bytes(pdf)
    spoken = outloud.check(str(file))
    found = [f"{failure.rule_id}: {failure.message}" for failure in strict.failures]
    return found + [
        f"{finding.rule}: {finding.message} {finding.evidence}"
        for finding in spoken.findings
        if finding.severity == "error"
    ]
