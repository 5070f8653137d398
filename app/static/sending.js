/* A form leaves its page only where somebody takes it: without a connection, or while the server is down, the browser
   would put an error page of its own in place of what was typed. So the server is asked first; where no answer comes, a
   line beside the button says that nothing was sent or lost. Whatever keeps itself (the outbox, the plan, the journey)
   has taken its event already. Others hear `cxm:leaves` of a form that is on its way. */
"use strict";

(() => {
  const PATIENCE = 8000;
  const PROXY_ALONE = [502, 503, 504];
  const asking = new WeakSet();
  const answered = new WeakSet();
  const lines = new WeakMap();

  const isTaken = async () => {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const response = await fetch("/healthz", { method: "HEAD", cache: "no-store", signal: patience.signal });
      return !PROXY_ALONE.includes(response.status);
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  };

  const clear = (form) => lines.get(form)?.remove();
  const say = (form, button) => {
    const line = document.createElement("p");
    line.className = "unsent";
    line.setAttribute("role", "status");
    const beside = button ?? form.querySelector("button");
    (beside.closest("p, .act, .onward") ?? beside).after(line);
    lines.set(form, line);
    // Screen readers tell what changes in a place that they know.
    setTimeout(() => {
      line.textContent = document.body.dataset.unsent;
    }, 100);
  };

  // On the window, so that everybody else has had the event before.
  addEventListener("submit", async (event) => {
    const form = event.target;
    const button = event.submitter?.isConnected ? event.submitter : null;
    if (event.defaultPrevented || form.method !== "post") {
      return;
    }
    if (answered.delete(form)) {
      form.dispatchEvent(new Event("cxm:leaves", { bubbles: true }));
      return;
    }
    event.preventDefault();
    if (asking.has(form)) {
      return; // pressed twice
    }
    asking.add(form);
    clear(form);
    const taken = await isTaken();
    asking.delete(form);
    if (taken) {
      answered.add(form);
      form.requestSubmit(button?.isConnected ? button : null);
      answered.delete(form); // where a field was found wrong meanwhile, nothing was sent
    } else {
      say(form, button);
    }
  });
})();
