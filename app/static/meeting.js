/* The agreement meeting: an agreed level is saved the moment it is chosen; keys choose it and turn the page. Without this
   script the buttons and links do the same. */
"use strict";

(() => {
  const form = document.getElementById("settle");
  const main = document.getElementById("main");
  const evidence = document.getElementById("evidence");
  const state = () => document.getElementById("settled");

  /* One save at a time, and each reads the form when its turn comes: the page always knows what it replaces. */
  let saving = false;
  let again = false;
  let status = null;
  form.addEventListener("htmx:after:request", (event) => {
    status = event.detail.ctx.response.status;
    if (![200, 409, 422].includes(status)) {
      event.preventDefault(); // an error page is no state of an agreement
    }
  });
  const isWaiting = () => !state().dataset.level && !form.querySelector("input[name=level]:checked")?.value && evidence.value.trim() !== "";
  const sayToChoose = () => {
    state().querySelectorAll("p").forEach((old) => old.remove());
    if (isWaiting()) {
      const line = document.createElement("p");
      line.textContent = form.dataset.choose;
      state().append(line);
    }
  };
  const save = async () => {
    if (saving) {
      again = true;
      return;
    }
    const values = Object.fromEntries(new FormData(form));
    // Until a level is chosen, there is nothing to keep; what is at odds, a person decides by the buttons.
    if ("conflict" in state().dataset) {
      return;
    }
    if (!values.level && !state().dataset.level) {
      sayToChoose();
      return;
    }
    saving = true;
    status = null;
    try {
      await htmx.ajax("POST", form.action, { source: form, target: state(), swap: "outerHTML", values });
    } finally {
      saving = false;
    }
    if (![200, 409, 422].includes(status)) {
      const line = document.createElement("p");
      line.className = "error";
      line.textContent = form.dataset.unsaved;
      state().querySelectorAll("p").forEach((old) => old.remove());
      state().append(line);
    }
    if (again) {
      again = false;
      save();
    }
  };
  form.addEventListener("change", save);
  // What an agreed level rests on is kept with the level: until there is one, that is said, and nobody leaves unawares.
  evidence.addEventListener("input", () => {
    if (!state().dataset.level && !("conflict" in state().dataset)) {
      sayToChoose();
    }
  });
  let sending = false;
  form.addEventListener("cxm:leaves", () => {
    sending = true;
  });
  addEventListener("beforeunload", (event) => {
    if (!sending && isWaiting()) {
      event.preventDefault();
    }
  });

  main.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target === evidence) {
      return;
    }
    const turn = { ArrowLeft: "before", ArrowRight: "after" }[event.key];
    const box = ["1", "2", "3", "4", "5"].includes(event.key) && form.querySelector(`input[name=level][value="${event.key}"]`);
    if (turn) {
      // Among the levels, the arrows up and down still choose.
      event.preventDefault();
      document.getElementById(turn)?.click();
    } else if (box && !box.matches(":disabled")) {
      event.preventDefault();
      box.checked = true;
      box.focus({ preventScroll: true });
      save();
    }
  });
  // Keys are heard where the page's own matter has the focus, so it has it from the start.
  if (document.activeElement === document.body && !location.hash) {
    main.focus({ preventScroll: true });
  }
})();
