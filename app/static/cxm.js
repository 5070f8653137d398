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
  // A heading's explanation opens when a link leads to it.
  const openTarget = () => {
    // The address as it is: every id is plain, and decoding an odd one would throw.
    document.getElementById(location.hash.slice(1))?.closest("details")?.setAttribute("open", "");
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  // An erased assessment leaves no unsent answers behind on this device.
  const erased = document.querySelector("[data-erased]")?.dataset.erased;
  if (erased) {
    localStorage.removeItem(`cxm-outbox-${erased}`);
  }
  if (!outbox) {
    return;
  }

  /* The outbox: what was answered and not yet acknowledged, question -> {answer, seen, writer, sequence}.
     It is written down before it is sent, so a closed tab or a dead battery loses nothing. Every save carries who
     wrote it (this tab) and its place in that tab's order, so that a repeated or late one has no second effect. */

  const key = `cxm-outbox-${outbox.dataset.assessment}`;
  const form = document.getElementById("questions");
  const address = `/assessments/${outbox.dataset.assessment}/answers/`;
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
  const pending = () => Object.keys(read()).length;

  const writer = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  let sequence = 0;

  const fieldsetOf = (question) => document.querySelector(`[data-question="${CSS.escape(question)}"]`);
  const stateOf = (question) => document.getElementById(`saved-${question.replaceAll(".", "-")}`);
  const say = (question, text) => {
    const state = stateOf(question);
    if (state) {
      const line = document.createElement("p");
      line.textContent = text;
      state.replaceChildren(line);
    }
  };
  const choose = (question, answer) => {
    for (const input of fieldsetOf(question)?.querySelectorAll("input[type=radio]") ?? []) {
      input.checked = input.value === answer;
    }
  };
  const announce = (text) => {
    outbox.textContent = text;
    outbox.hidden = !text;
  };

  const keep = (question, answer) => {
    sequence += 1;
    const seen = stateOf(question)?.dataset.revision ?? "0";
    change((entries) => {
      entries[question] = { answer, seen, writer, sequence: String(sequence) };
    });
    say(question, outbox.dataset.saving);
    flush();
  };

  let status = null; // of the last response; null where none came
  outbox.addEventListener("htmx:after:request", (event) => {
    status = event.detail.ctx.response.status;
    if (![200, 409].includes(status)) {
      event.preventDefault(); // an error page is no state of an answer
    }
  });

  const send = async (question, entry) => {
    status = null;
    const here = stateOf(question);
    await htmx.ajax("POST", address + encodeURIComponent(question), {
      source: outbox,
      target: here ?? outbox,
      swap: here ? "outerHTML" : "none",
      values: entry,
    });
    return status;
  };

  let sending = false;
  let delay = RETRY_FROM;
  let timer = 0;
  let waiting = null; // the button that leads on as soon as all is saved

  const retryLater = () => {
    clearTimeout(timer);
    timer = setTimeout(flush, delay);
    delay = Math.min(delay * 2, RETRY_TO);
  };

  async function flush() {
    if (sending) {
      return;
    }
    sending = true;
    try {
      for (let next = Object.entries(read())[0]; next; next = Object.entries(read())[0]) {
        const [question, entry] = next;
        const answered = await send(question, entry);
        if (answered === null || answered >= 500 || answered === 429) {
          say(question, outbox.dataset.kept);
          announce(waiting ? `${outbox.dataset.waiting} ${outbox.dataset.stay}` : outbox.dataset.waiting);
          retryLater();
          return;
        }
        if (![200, 409].includes(answered)) {
          announce(outbox.dataset.gone);
          waiting = null;
          return;
        }
        change((entries) => {
          if (entries[question]?.writer === entry.writer && entries[question]?.sequence === entry.sequence) {
            delete entries[question];
          }
        });
        if (answered === 409) {
          waiting = null; // a person must look first
        }
      }
      delay = RETRY_FROM;
      announce("");
      if (waiting) {
        const button = waiting;
        waiting = null;
        button.form.requestSubmit(button);
      }
    } finally {
      sending = false;
    }
  }

  form?.addEventListener("change", (event) => {
    const question = event.target.closest("[data-question]")?.dataset.question;
    if (question && event.target.type === "radio") {
      keep(question, event.target.value);
    }
  });
  form?.addEventListener("click", (event) => {
    const { again, theirs } = event.target.dataset;
    if (again) {
      const chosen = fieldsetOf(again).querySelector("input[type=radio]:checked");
      keep(again, chosen ? chosen.value : "");
    }
    if (theirs) {
      const stored = stateOf(theirs).dataset.stored;
      choose(theirs, stored);
      keep(theirs, stored);
    }
  });

  // Whatever leads on waits until everything is saved; the button is pressed again by itself.
  for (const form of document.querySelectorAll("form[data-waits]")) {
    form.addEventListener("submit", (event) => {
      if (pending()) {
        event.preventDefault();
        waiting = event.submitter;
        announce(outbox.dataset.stay);
        flush();
      } else if ("forgets" in form.dataset) {
        write({});
      }
    });
  }

  addEventListener("online", () => {
    delay = RETRY_FROM;
    flush();
  });
  addEventListener("pageshow", () => {
    // What an earlier visit left behind is shown as chosen, and sent first.
    for (const [question, entry] of Object.entries(read())) {
      choose(question, entry.answer);
      say(question, outbox.dataset.kept);
    }
    flush();
  });
})();
