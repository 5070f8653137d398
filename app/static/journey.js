/* What the journey sheet gains from a script: touchpoints move where they stand, by mouse, touch and keys; what is typed
   is saved as it is given, and kept on this device until it is. Without it every step is a plain form. */
"use strict";

(() => {
  const says = document.getElementById("journey-says");
  const trouble = document.getElementById("journey-trouble");
  const editor = () => document.getElementById("journey");
  const assessment = editor().dataset.journey;
  const key = `cxm-journey-${assessment}`;
  const RETRY_FROM = 1000;
  const RETRY_TO = 15000;

  /* Drafts: what was typed into a touchpoint's form and not yet acknowledged, by the touchpoint's id. */
  let memory = "{}";
  const drafts = () => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? memory);
    } catch {
      return JSON.parse(memory);
    }
  };
  /* What this page, or the one before it, has sent and nobody acknowledged, by the touchpoint's id: it may have arrived,
     and is then nobody else's. A draft takes it along, as `sent`. */
  const unacknowledged = new Map(Object.entries(drafts()).map(([id, draft]) => [id, new Set(draft.sent)]));
  const sentOf = (id) => unacknowledged.get(id) ?? unacknowledged.set(id, new Set()).get(id);
  const said = (values) =>
    JSON.stringify(
      Object.entries(values)
        .map(([name, value]) => [name, value.replace(/\s+/g, " ").trim()])
        .filter(([name, value]) => value && name !== "seen" && name !== "quiet")
        .sort(),
    );
  const isOurs = (id, told) => Boolean(told?.dataset.stored) && sentOf(id).has(said(JSON.parse(told.dataset.stored)));
  const keepDraft = (id, values) => {
    const all = drafts();
    if (values) {
      all[id] = { ...values, sent: [...sentOf(id)] };
    } else {
      delete all[id];
    }
    memory = JSON.stringify(all);
    try {
      if (Object.keys(all).length) {
        localStorage.setItem(key, memory);
      } else {
        localStorage.removeItem(key);
      }
    } catch {
      /* storage is full or forbidden: what this page holds must do */
    }
  };

  const shout = (text, href) => {
    trouble.textContent = text;
    trouble.hidden = !text;
    if (href) {
      const link = document.createElement("a");
      link.href = href;
      link.textContent = trouble.dataset.open;
      trouble.append(" ", link);
    }
  };
  const fragment = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  };

  // One thing at a time: a save, then the move that was asked for meanwhile.
  let line = Promise.resolve();
  const inTurn = (work) => {
    line = line.then(work, work);
    return line;
  };
  const post = (action, values) =>
    fetch(action, { method: "POST", body: new URLSearchParams(values), headers: { "HX-Request": "true" } });

  const formOpen = () => document.querySelector("form[data-autosave]");
  const idOf = (form) => form.closest("[data-touchpoint]").dataset.touchpoint;
  const valuesOf = (form) => {
    const values = new FormData(form);
    return Object.fromEntries(values);
  };

  /* Puts the page's new state in place, says what happened, and the focus where it belongs. */
  const show = (html, keepFocus) => {
    const focused = keepFocus && document.activeElement?.getAttribute("id"); // a form's own .id may be its field
    const fresh = fragment(html).getElementById("journey");
    if (!fresh) {
      location.reload();
      return;
    }
    editor().replaceWith(fresh);
    says.textContent = "";
    const { focus, says: text } = fresh.dataset;
    const wanted = document.getElementById(focused || focus) ?? document.getElementById(focus);
    // A button at the journey's end is off: its neighbour takes the focus.
    const target = wanted?.disabled ? wanted.parentElement.querySelector("button:not([disabled])") : wanted;
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
    setTimeout(() => {
      says.textContent = text;
    }, 100);
  };
  const submit = (action, values, keepFocus = false) =>
    inTurn(async () => {
      try {
        const open = formOpen();
        if (open && !action.startsWith(open.action)) {
          await saveNow(); // what was typed there is not to go with the old page
          if (idOf(open) in drafts()) {
            throw new Error("unsaved");
          }
        }
        if ("seen" in values) {
          values.seen = formOpen()?.elements.seen.value ?? values.seen;
        }
        const id = open && action.startsWith(open.action) && idOf(open);
        if (id && action === open.action) {
          sentOf(id).add(said(values));
          keepDraft(id, valuesOf(open));
        }
        let response = await post(action, values);
        const told = id && response.status === 409 && fragment(await response.clone().text()).getElementById("touchpoint-state");
        if (told && isOurs(id, told)) {
          response = await post(action, { ...values, seen: told.dataset.revision });
        }
        if (![200, 409, 422].includes(response.status)) {
          throw new Error(String(response.status));
        }
        const html = await response.text();
        if (formOpen() && response.status === 200) {
          unacknowledged.delete(idOf(formOpen()));
          keepDraft(idOf(formOpen()), null);
        }
        shout("");
        show(html, keepFocus);
      } catch {
        shout(trouble.dataset.lost);
      }
    });

  /* Saving as it is given. */
  let timer = 0;
  let delay = RETRY_FROM;
  const state = (html) => document.getElementById("touchpoint-state")?.replaceWith(html);
  const note = (text) => {
    const quiet = document.createElement("p");
    quiet.textContent = text;
    document.getElementById("touchpoint-state")?.replaceChildren(quiet);
  };
  const saveNow = async () => {
    clearTimeout(timer);
    const form = formOpen();
    const id = form && idOf(form);
    if (!form || !(id in drafts()) || document.getElementById("conflict")) {
      return;
    }
    const values = valuesOf(form);
    note(trouble.dataset.saving);
    sentOf(id).add(said(values));
    keepDraft(id, values);
    let response;
    try {
      response = await post(form.action, { ...values, quiet: "yes" });
      if (response.status >= 500 || response.status === 429) {
        throw new Error(String(response.status));
      }
    } catch {
      note(trouble.dataset.kept);
      timer = setTimeout(save, delay);
      delay = Math.min(delay * 2, RETRY_TO);
      return;
    }
    delay = RETRY_FROM;
    const html = await response.text();
    const answer = fragment(html);
    const told = answer.getElementById("touchpoint-state");
    if (!told) {
      // It was removed elsewhere, or the link is no longer good.
      if (answer.getElementById("journey")) {
        keepDraft(id, null);
        show(html);
      } else {
        note(trouble.dataset.kept);
      }
      return;
    }
    form.elements.seen.value = told.dataset.revision;
    if (response.status === 409 && isOurs(id, told)) {
      await saveNow(); // what stands there is what this page has sent before: nobody else's
      return;
    }
    if (response.status === 200) {
      unacknowledged.delete(id);
    }
    state(told);
    if (response.status === 200 && JSON.stringify({ ...valuesOf(form), seen: "" }) === JSON.stringify({ ...values, seen: "" })) {
      keepDraft(id, null);
    } else {
      keepDraft(id, valuesOf(form));
    }
  };
  const save = () => inTurn(saveNow);
  const typed = (event) => {
    const form = event.target.closest("form[data-autosave]");
    if (form) {
      keepDraft(idOf(form), valuesOf(form));
    }
    return form;
  };
  document.addEventListener("input", typed);
  document.addEventListener("change", (event) => {
    if (typed(event)) {
      save();
    }
  });
  addEventListener("online", () => {
    delay = RETRY_FROM;
    save();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.closest("#journey")) {
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    const bare = button && "bare" in button.dataset;
    const values = bare ? { seen: form.elements.seen.value } : valuesOf(form);
    if (button?.name) {
      values[button.name] = button.value;
    }
    submit(button?.hasAttribute("formaction") ? button.formAction : form.action, values);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theirs-kept]")) {
      keepDraft(idOf(formOpen()), null);
    }
  });

  /* Moving by keys: Alt and an arrow, wherever in the touchpoint's line the focus is. */
  const move = (item, values, keepFocus) =>
    submit(`/assessments/${assessment}/journey/${item.dataset.touchpoint}/move`, values, keepFocus);
  document.addEventListener("keydown", (event) => {
    const item = event.target.closest?.("[data-touchpoint]");
    const to = { ArrowUp: "earlier", ArrowDown: "later" }[event.key];
    if (item && to && event.altKey && !event.ctrlKey && !event.target.closest("form[data-autosave]")) {
      event.preventDefault();
      move(item, { to }, true);
    }
  });

  /* Moving by mouse or finger: the number is the handle. */
  const EDGE = 70;
  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-drag]");
    if (!handle || event.button !== 0) {
      return;
    }
    event.preventDefault();
    const item = handle.closest("[data-touchpoint]");
    const drop = document.createElement("li");
    drop.className = "way-drop";
    let moving = false;

    const place = (y) => {
      let best = null;
      for (const list of document.querySelectorAll("#journey .way-list")) {
        const others = [...list.children].filter((one) => one !== item && one !== drop);
        const box = list.getBoundingClientRect();
        const away = Math.max(box.top - y, y - box.bottom, 0);
        if (!best || away < best.away) {
          const next = others.find((one) => {
            const { top, height } = one.getBoundingClientRect();
            return y < top + height / 2;
          });
          best = { away, list, next };
        }
      }
      best.list.insertBefore(drop, best.next ?? null);
    };
    const track = (moved) => {
      if (!moving && Math.abs(moved.clientY - event.clientY) < 6) {
        return;
      }
      moving = true;
      item.classList.add("is-moving");
      if (moved.clientY < EDGE) {
        scrollBy(0, -12);
      } else if (moved.clientY > innerHeight - EDGE) {
        scrollBy(0, 12);
      }
      place(moved.clientY);
    };
    const end = (last) => {
      removeEventListener("pointermove", track);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      removeEventListener("keydown", escape);
      item.classList.remove("is-moving");
      if (moving && last.type === "pointerup") {
        const list = drop.parentElement;
        const position = [...list.children].filter((one) => one !== item).indexOf(drop);
        drop.remove();
        move(item, { stage: list.dataset.stage, position: String(position) }, false);
      } else {
        drop.remove();
      }
    };
    const escape = (pressed) => {
      if (pressed.key === "Escape") {
        end(pressed);
      }
    };
    addEventListener("pointermove", track);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
    addEventListener("keydown", escape);
  });

  /* What an earlier visit left behind goes into its form, and is sent; or the page says where it waits. */
  const restore = () => {
    const waiting = drafts();
    const form = formOpen();
    if (form && waiting[idOf(form)] && !document.getElementById("conflict")) {
      for (const field of form.elements) {
        const value = waiting[idOf(form)][field.name];
        if (field.type === "radio" || field.type === "checkbox") {
          field.checked = field.value === (value ?? "");
        } else if (field.name && field.type !== "submit") {
          field.value = value ?? field.value;
        }
      }
      save();
      return;
    }
    const left = Object.keys(waiting).find((id) => document.getElementById(`tp-${id}`) && !(form && idOf(form) === id));
    if (left) {
      shout(trouble.dataset.unsent, `/assessments/${assessment}/journey?open=${left}#tp-${left}`);
    }
  };
  restore();
})();
