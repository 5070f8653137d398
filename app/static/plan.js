/* The plan: what is written is saved as it is given. Without this script every form works by its button.

   A form that keeps itself is sent as a whole when one of its fields was changed; the answer's pieces replace the
   elements with the same ids. What is not saved yet stays in this tab's own storage until it is: a reload loses
   nothing, and the tab takes it along when it is closed. */
"use strict";

(() => {
  const outbox = document.getElementById("outbox");
  const RETRY_FROM = 1000;
  const RETRY_TO = 15000;
  const keyOf = (name) => `cxm-${outbox.dataset.assessment}-${name}`;
  const recall = (name) => {
    try {
      return JSON.parse(sessionStorage.getItem(keyOf(name)));
    } catch {
      return null; // storage is forbidden: what the page holds must do
    }
  };
  const write = (name, fields) => {
    try {
      sessionStorage.setItem(keyOf(name), JSON.stringify(fields));
    } catch {
      /* full or forbidden */
    }
  };
  const drop = (name) => {
    try {
      sessionStorage.removeItem(keyOf(name));
    } catch {
      /* forbidden */
    }
  };
  const fieldsOf = (form) => Object.fromEntries(new FormData(form));
  const fill = (form, fields) => {
    for (const box of form.querySelectorAll("input[type=checkbox]")) {
      box.checked = box.name in fields;
    }
    for (const [name, value] of Object.entries(fields)) {
      const field = form.elements[name];
      if (field && field.type !== "checkbox") {
        field.value = value;
      }
    }
  };
  const plain = (text) => text.replaceAll("\r\n", "\n").trim();
  // What a form says, but for which revision it has seen: to know our own words when they come back.
  const said = (fields) =>
    JSON.stringify(Object.entries(fields).filter(([name]) => name !== "seen").map(([name, value]) => [name, plain(value)]).sort());

  const forms = new Map();
  let waiting = null; // the form, and its button, that leads on as soon as all is saved

  const stateOf = (one) => document.getElementById(`saved-${one.name.replaceAll("/", "-")}`);
  const say = (one, text) => {
    const state = stateOf(one);
    if (!state) {
      return;
    }
    for (const line of state.querySelectorAll(":scope > p")) {
      line.remove();
    }
    const line = document.createElement("p");
    line.textContent = text;
    state.append(line);
  };
  const announce = (text) => {
    outbox.textContent = text;
    outbox.hidden = !text;
  };
  const show = (text) => {
    for (const piece of new DOMParser().parseFromString(text, "text/html").body.querySelectorAll(":scope > [id]")) {
      const here = document.getElementById(piece.id);
      const hadFocus = here?.contains(document.activeElement);
      here?.replaceWith(piece);
      if (hadFocus) {
        piece.tabIndex = -1;
        piece.focus();
      }
    }
  };
  const title = (one) => {
    for (const place of one.form.querySelectorAll("[data-says]")) {
      const field = one.form.elements[place.dataset.says];
      place.textContent = field.selectedOptions ? field.selectedOptions[0].textContent : field.value;
    }
  };
  const storedThere = (one) => {
    const stored = stateOf(one)?.dataset.stored ?? "";
    return stored.startsWith("{") ? said(JSON.parse(stored)) : said({ stop_doing: stored });
  };

  const send = async (one) => {
    try {
      return await fetch(one.form.action, {
        method: "POST",
        headers: { "hx-request": "true" },
        body: new URLSearchParams(fieldsOf(one.form)),
        keepalive: true, // whoever leaves the page now takes nothing back
      });
    } catch {
      return null;
    }
  };

  async function flush(one) {
    if (one.sending) {
      return;
    }
    one.sending = true;
    clearTimeout(one.timer);
    try {
      while (one.unsaved) {
        one.unsaved = false;
        const fields = fieldsOf(one.form);
        const response = await send(one);
        if (!response || response.status >= 500 || response.status === 429) {
          one.unsaved = true;
          one.mine.add(said(fields)); // it may have arrived though nobody said so
          say(one, outbox.dataset.kept);
          announce(outbox.dataset.waiting);
          one.timer = setTimeout(() => flush(one), one.delay);
          one.delay = Math.min(one.delay * 2, RETRY_TO);
          return;
        }
        announce("");
        one.delay = RETRY_FROM;
        if (![200, 409, 422].includes(response.status)) {
          waiting = null;
          say(one, outbox.dataset.held);
          announce(outbox.dataset.gone);
          return;
        }
        show(await response.text());
        if (response.status === 200) {
          one.mine.add(said(fields));
          title(one);
          if (!one.unsaved) {
            drop(one.name);
          }
        } else if (response.status === 409 && one.mine.has(storedThere(one))) {
          one.unsaved = true; // what stands there is what this page has sent before: nobody else's
        } else {
          waiting = null; // a person must look first
        }
      }
    } finally {
      one.sending = false;
    }
    goOn();
  }

  const save = (one) => {
    one.unsaved = true;
    write(one.name, fieldsOf(one.form));
    say(one, outbox.dataset.saving);
    flush(one);
  };
  const isBusy = () => [...forms.values()].some((one) => one.unsaved || one.sending);
  const goOn = () => {
    if (waiting && !isBusy()) {
      const { form, button } = waiting;
      waiting = null;
      form.requestSubmit(button);
    }
  };

  for (const form of document.querySelectorAll("form[data-keeps]")) {
    const one = { form, name: form.dataset.keeps, unsaved: false, sending: false, timer: 0, delay: RETRY_FROM, mine: new Set() };
    forms.set(form, one);
    form.addEventListener("change", () => save(one));
    form.addEventListener("submit", (event) => {
      if (!event.submitter?.hasAttribute("formaction")) {
        event.preventDefault();
        save(one);
      }
    });
    const left = recall(one.name);
    if (left) {
      fill(form, left);
      save(one);
    }
  }

  for (const form of document.querySelectorAll("form[data-drafts]")) {
    const name = form.dataset.drafts;
    const left = recall(name);
    const isAdded = left?.sent && location.hash.startsWith("#action-");
    if (isAdded) {
      drop(name);
    } else if (left && !form.elements.text.value) {
      fill(form, left); // with its key: it may have arrived though nobody said so
    }
    form.addEventListener("input", () => write(name, fieldsOf(form)));
    form.addEventListener("cxm:leaves", () => write(name, { ...fieldsOf(form), sent: "yes" }));
  }

  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && !forms.has(event.target) && isBusy()) {
      event.preventDefault();
      waiting = { form: event.target, button: event.submitter };
      announce(outbox.dataset.stay);
    }
  });
  document.addEventListener("click", (event) => {
    const dropped = event.target.closest?.("[data-drops]")?.dataset.drops;
    if (dropped) {
      drop(dropped);
    }
  });
  addEventListener("online", () => {
    for (const one of forms.values()) {
      one.delay = RETRY_FROM;
      flush(one);
    }
  });
})();
