/* A form that saves itself and is refused tells so as a page does that was sent by its button: the title says it, the
   field is marked, and a line that readers hear leads to it; each goes when it is mended. Nobody who types on is called
   back. Whatever puts an error or a conflict into the page is seen here, and so needs to say nothing itself. */
"use strict";

(() => {
  const main = document.getElementById("main");
  const line = document.getElementById("refused");
  const check = document.body.dataset.check;
  const WRONG = ".error[id], .conflict";

  const all = () => [...main.querySelectorAll(WRONG)].filter((one) => !one.closest(".problems"));
  const describes = (field) => (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  /* The field that an error belongs to: the one that it describes, itself or by what stands around it. */
  const fieldOf = (error) => {
    const named = document.getElementById(error.id.replace(/^error-/, ""));
    if (named?.matches("input, select, textarea, fieldset, [data-saves]")) {
      return named;
    }
    const ids = [error.id, error.parentElement.closest("[id]")?.id];
    return [...main.querySelectorAll("[aria-describedby]")].find((field) => describes(field).some((id) => ids.includes(id)))
      ?? error.closest("[data-saves]");
  };
  const mark = (error) => {
    const field = error.matches(".error") ? fieldOf(error) : null;
    if (field?.matches("input, select, textarea")) {
      field.setAttribute("aria-invalid", "true");
    }
    if (field && !describes(field).includes(error.id)) {
      field.setAttribute("aria-describedby", [...describes(field), error.id].join(" "));
    }
  };
  const unmark = () => {
    for (const field of main.querySelectorAll("[aria-describedby]")) {
      const there = describes(field).filter((id) => !id.startsWith("error-") || document.getElementById(id));
      if (there.length !== describes(field).length) {
        field.removeAttribute("aria-invalid");
        field.setAttribute("aria-describedby", there.join(" "));
      }
    }
  };
  const titled = (text) => {
    const bare = document.title.startsWith(check) ? document.title.slice(check.length).trim() : document.title;
    const wanted = text ? `${check} ${bare}` : bare;
    if (document.title !== wanted) {
      document.title = wanted;
    }
  };
  /* What a field is called, to begin a sentence about it. */
  const called = (field) => {
    const label = field?.labels?.[0] ?? field?.querySelector(":scope > legend")
      ?? document.getElementById(field?.getAttribute("aria-labelledby"));
    const name = label?.cloneNode(true);
    name?.querySelectorAll("span, input, select").forEach((part) => part.remove());
    const text = name?.textContent.trim().replace(/\s+/g, " ") ?? "";
    return !text || text.includes(":") ? "" : /[?!.]$/.test(text) ? `${text} ` : `${text}: `;
  };
  const words = (one) => {
    const said = (one.querySelector("strong") ?? one).cloneNode(true);
    said.querySelectorAll("[aria-hidden]").forEach((sign) => sign.remove());
    return (one.matches(".error") ? called(fieldOf(one)) : "") + said.textContent.trim();
  };
  const target = (one) => {
    const field = one.matches(".error") ? fieldOf(one) : null;
    if (field?.id) {
      return field.id;
    }
    one.id ||= `${one.closest("[id]").id}-conflict`;
    one.tabIndex = -1;
    return one.id;
  };

  const known = new WeakMap(); // by the text that was told; what stands there from the start, the page has told
  const told = (one) => known.get(one) === words(one);
  for (const one of all()) {
    known.set(one, words(one));
  }
  const look = () => {
    unmark();
    const wrong = all();
    wrong.forEach(mark);
    if (!wrong.length) {
      main.querySelectorAll(".problems[data-of-fields]").forEach((summary) => summary.remove());
    }
    titled(wrong.length || main.querySelector(".problems"));
    const fresh = wrong.filter((one) => !told(one));
    if (!fresh.length) {
      line.hidden = true;
      line.replaceChildren();
      return;
    }
    const links = fresh.map((one) => {
      const link = document.createElement("a");
      link.href = `#${target(one)}`;
      link.textContent = words(one);
      return link;
    });
    const before = line.textContent;
    const now = [check, ...links.flatMap((link) => [" ", link])];
    if (before !== now.map((part) => part.textContent ?? part).join("")) {
      line.hidden = false;
      line.replaceChildren(...now);
    }
  };

  line.addEventListener("click", (event) => {
    const there = event.target.matches("a") && document.getElementById(event.target.hash.slice(1));
    if (there) {
      event.preventDefault();
      for (let around = there.closest("details"); around; around = around.parentElement.closest("details")) {
        around.open = true;
      }
      const field = there.matches("fieldset, div, [role=radiogroup]") ? there.querySelector("input:checked, input:not([type=hidden]), select") : null;
      (field ?? there).focus();
      there.scrollIntoView({ block: "center" });
    }
  });
  new MutationObserver(look).observe(main, { childList: true, subtree: true });
})();
