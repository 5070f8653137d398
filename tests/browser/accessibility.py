"""What axe finds wrong with a page."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (rules) => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]});
  const line = ({id, help}, {target}) => `${id}: ${help} (${target.join(" ")})`;
  return found.violations.flatMap((rule) => rule.nodes.map((element) => line(rule, element)));
}"""

SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""Sets the text as wide as WCAG 2.2 asks a page to bear (1.4.12)."""


@cache
def _axe() -> str:
    return (Path(__file__).with_name("vendor") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """One line for each element that breaks a rule of WCAG 2.2 AA or of good practice."""
    # Evaluated, not added as a script: the page's content security policy stays in force.
    page.evaluate(_axe())
    found: list[str] = page.evaluate(RUN, RULES)
    return found
