/* Typing in paper forms: a key answers a question and leads on to the next one. Without it the boxes still work. */
"use strict";

(() => {
  const rows = [...document.querySelectorAll("[data-row]")];
  const KEYS = { "?": "dont_know", 0: "dont_know", "-": "not_applicable", "–": "not_applicable", "−": "not_applicable", 9: "not_applicable" };

  const boxes = (row) => [...row.querySelectorAll("input[type=radio]")];
  const enter = (row) => {
    const inside = row && (boxes(row).find((box) => box.checked) ?? boxes(row)[0]);
    if (inside) {
      inside.focus();
      row.scrollIntoView({ block: "nearest" });
    }
    return Boolean(inside);
  };

  for (const [place, row] of rows.entries()) {
    row.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) {
        return;
      }
      if (event.key === "Delete" || event.key === "Backspace") {
        for (const box of boxes(row)) {
          box.checked = false;
        }
      } else if (event.key === "Enter") {
        // A sheet is not kept by a slip in the middle of it.
        enter(rows[place + 1]);
      } else {
        const box = boxes(row).find(({ value }) => value === (KEYS[event.key] ?? event.key));
        if (!box) {
          return;
        }
        box.checked = true;
        enter(rows[place + 1]);
      }
      event.preventDefault();
    });
  }
})();
