/* What the pages gain from a script: answers are saved as they are given, and survive an unsteady network.
   Without it every page still works by its buttons. */
"use strict";

(() => {
  document.documentElement.classList.add("script");

  const outbox = document.getElementById("outbox");
  const RETRY_FROM = 1000;
  const RETRY_TO = 15000;

  for (const field of document.querySelectorAll("[data-select]")) {
    field.addEventListener("focus", () => field.select());
  }
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const field = document.querySelector(button.dataset.copy);
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        document.execCommand("copy"); // the clipboard API is missing where the address is plain http
      }
      button.textContent = button.dataset.copied;
    });
  }
  // A form that was not taken leads to what is wrong with it, however far down the page it stands.
  document.querySelector('.problems[role="alert"]')?.focus();

  // What was done is said once: screen readers tell what changes in a place that they know, and a page that is loaded
  // again says it no more.
  const said = document.getElementById("said");
  if (said) {
    const text = said.textContent;
    said.textContent = "";
    setTimeout(() => {
      said.textContent = text;
    }, 100);
    const address = new URL(location.href);
    address.searchParams.delete("said");
    history.replaceState(history.state, "", address);
  }

  // A heading's explanation opens when a link leads to it.
  const openTarget = () => {
    // The address as it is: every id is plain, and decoding an odd one would throw.
    document.getElementById(location.hash.slice(1))?.closest("details")?.setAttribute("open", "");
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  // What asks again by itself says when it gets no answer; the next answer takes its place.
  document.addEventListener("htmx:error", (event) => {
    const note = event.target.closest?.("[data-stale]")?.querySelector(".not-up-to-date");
    if (note && !note.textContent) {
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      note.textContent = note.closest("[data-stale]").dataset.stale.replace("{time}", time);
    }
  });

  // An erased assessment leaves no unsent answers behind on this device.
  const erased = document.querySelector("[data-erased]")?.dataset.erased;
  if (erased) {
    localStorage.removeItem(`cxm-outbox-${erased}`);
    sessionStorage.clear();
    localStorage.removeItem(`cxm-journey-${erased}`);
  }
  if (!outbox) {
    return;
  }

  /* The outbox: what was given and not yet acknowledged. Each entry is named by where it is saved ("answers/…",
     "aims/target/…", "modules/…") and is written down before it is sent, so a closed tab or a dead battery loses nothing. An answer
     carries who wrote it (this tab) and its place in that tab's order; an aim or a module's field, every value that it may be replacing. So
     a repeated or late save has no second effect, and what changed elsewhere meanwhile is never overwritten unasked:
     such an entry stays, as `conflict`, until the person has decided. */

  const assessment = `/assessments/${outbox.dataset.assessment}/`;
  const key = `cxm-outbox-${outbox.dataset.assessment}`;
  let memory = "{}";

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? memory);
    } catch {
      return JSON.parse(memory);
    }
  };
  const write = (entries) => {
    memory = JSON.stringify(entries);
    try {
      if (Object.keys(entries).length) {
        localStorage.setItem(key, memory);
      } else {
        localStorage.removeItem(key);
      }
    } catch {
      /* storage is full or forbidden: what this page holds must do */
    }
  };
  const change = (edit) => {
    const entries = read();
    edit(entries);
    write(entries);
  };
  const unsent = () => Object.values(read()).some((entry) => !entry.conflict);

  const writer = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  let sequence = 0;

  const groupOf = (name) => document.querySelector(`[data-saves="${CSS.escape(name)}"]`);
  const stateOf = (name) => document.getElementById(`saved-${name.replaceAll(/[./]/g, "-")}`);
  const say = (name, text) => {
    const state = stateOf(name);
    if (state) {
      const line = document.createElement("p");
      line.textContent = text;
      state.replaceChildren(line);
    }
  };
  const valueOf = (field) => (field.type === "checkbox" && !field.checked ? "" : field.value);
  const choose = (name, value) => {
    for (const field of groupOf(name)?.querySelectorAll("input:not([type=hidden]), select, textarea") ?? []) {
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = field.value === value;
      } else {
        field.value = value;
      }
    }
  };
  const announce = (text, href) => {
    outbox.textContent = text;
    outbox.hidden = !text;
    if (href) {
      const link = document.createElement("a");
      link.href = href;
      link.textContent = outbox.dataset.look;
      outbox.append(" ", link);
    }
  };

  const keep = (name, value) => {
    const before = read()[name]?.values;
    const { revision = "0", stored = "" } = stateOf(name)?.dataset ?? {};
    sequence += 1;
    let values;
    if (name.startsWith("answers/")) {
      values = { answer: value, seen: revision, writer, sequence: String(sequence) };
    } else if (name.startsWith("modules/")) {
      values = { value, seen: JSON.stringify(before ? [...JSON.parse(before.seen), before.value].slice(-200) : [stored]) };
    } else {
      // the one before may have arrived though nobody said so
      values = { aim: value, seen: before ? `${before.seen},${before.aim}` : stored, each: document.querySelector("[data-each]") ? "yes" : "" };
    }
    change((entries) => {
      entries[name] = { value, values };
    });
    shown.delete(name);
    say(name, outbox.dataset.saving);
    flush();
  };

  let status = null; // of the last response; null where none came
  outbox.addEventListener("htmx:after:request", (event) => {
    status = event.detail.ctx.response.status;
    if (![200, 409, 422].includes(status)) {
      event.preventDefault(); // an error page is no state of an answer
    }
  });

  const send = async (name, entry) => {
    status = null;
    const here = stateOf(name);
    await htmx.ajax("POST", assessment + name.split("/").map(encodeURIComponent).join("/"), {
      source: outbox,
      target: here ?? outbox,
      swap: here ? "outerHTML" : "none",
      values: entry.values,
    });
    return status;
  };

  const shown = new Set(); // conflicts that this page shows
  let sending = false;
  let delay = RETRY_FROM;
  let timer = 0;
  let waiting = null; // the button that leads on as soon as all is saved

  const retryLater = () => {
    clearTimeout(timer);
    timer = setTimeout(flush, delay);
    delay = Math.min(delay * 2, RETRY_TO);
  };
  // A conflict is asked for again where the person can see it and decide.
  const due = () =>
    Object.entries(read()).find(([name, entry]) => !entry.conflict || (stateOf(name) && !shown.has(name)));
  const settle = (name, entry, answered) =>
    change((entries) => {
      if (JSON.stringify(entries[name]?.values) !== JSON.stringify(entry.values)) {
        return; // changed again meanwhile: that one's turn comes
      }
      if (answered === 409) {
        entries[name].conflict = true;
        shown.add(name);
      } else {
        delete entries[name];
      }
    });

  async function flush() {
    if (sending) {
      return;
    }
    sending = true;
    try {
      for (let next = due(); next; next = due()) {
        const [name, entry] = next;
        const answered = await send(name, entry);
        if (answered === null || answered >= 500 || answered === 429) {
          for (const [kept, { conflict }] of Object.entries(read())) {
            if (!conflict) {
              say(kept, outbox.dataset.kept);
            }
          }
          announce(waiting ? `${outbox.dataset.waiting} ${outbox.dataset.stay}` : outbox.dataset.waiting);
          retryLater();
          return;
        }
        if (![200, 409, 422].includes(answered)) {
          say(name, outbox.dataset.held);
          announce(outbox.dataset.gone);
          waiting = null;
          return;
        }
        settle(name, entry, answered);
        if (answered !== 200) {
          waiting = null; // a person must look first
        }
        if (answered === 422 && !read()[name] && !groupOf(name)?.querySelector("input[type=text], textarea")) {
          choose(name, stateOf(name)?.dataset.stored ?? "");
        }
      }
      delay = RETRY_FROM;
      const elsewhere = Object.keys(read()).find((name) => read()[name].conflict && !stateOf(name));
      announce(elsewhere ? outbox.dataset.changed : "", elsewhere && assessment + elsewhere);
      if (waiting) {
        const button = waiting;
        waiting = null;
        button.form.requestSubmit(button);
      }
    } finally {
      sending = false;
    }
  }

  document.addEventListener("change", (event) => {
    const name = event.target.closest("[data-saves]")?.dataset.saves;
    if (name) {
      keep(name, valueOf(event.target));
    }
  });
  document.addEventListener("click", (event) => {
    const { again, theirs } = event.target.dataset;
    if (again) {
      const chosen = groupOf(again).querySelector("input[type=radio]:checked, input:not([type=radio], [type=hidden]), select, textarea");
      keep(again, chosen ? valueOf(chosen) : "");
    }
    if (theirs) {
      const { stored } = stateOf(theirs).dataset;
      choose(theirs, stored);
      keep(theirs, stored);
    }
  });

  // Whatever leads on waits until everything is saved; the button is pressed again by itself.
  for (const form of document.querySelectorAll("form[data-waits]")) {
    form.addEventListener("submit", (event) => {
      if (unsent()) {
        event.preventDefault();
        waiting = event.submitter;
        announce(outbox.dataset.stay);
        flush();
      }
    });
  }

  document.addEventListener("cxm:leaves", (event) => {
    if ("forgets" in event.target.dataset) {
      write({});
      sessionStorage.clear();
      try {
        localStorage.removeItem(`cxm-journey-${outbox.dataset.assessment}`);
      } catch {
        /* storage is forbidden: nothing lies there */
      }
    }
  });

  addEventListener("online", () => {
    delay = RETRY_FROM;
    flush();
  });
  addEventListener("pageshow", () => {
    // What an earlier visit left behind is shown as chosen, and sent first.
    for (const [name, entry] of Object.entries(read())) {
      choose(name, entry.value);
      say(name, outbox.dataset.kept);
    }
    flush();
  });
})();
