/* The projector is led by the keyboard: arrows, space and page keys turn the slides (so do presenters' remote controls),
   F is full screen, Escape leaves it; T starts and pauses a slide's timer, + adds a minute, R takes it back to the beginning.
   Links and buttons do the same by mouse; without a script the links turn, and a slide says how many minutes there are. */
"use strict";

(() => {
  document.documentElement.classList.add("script");
  const fullscreen = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());

  /* The timer. Each slide has its own, kept on this machine: `left` milliseconds while it rests, `ends` while it runs, and
     how much there is in `all`. So it goes on while another slide is shown, and over a reload. */

  const MINUTE = 60_000;
  const FORGOTTEN = 60 * MINUTE; // one that was over so long ago is from a rehearsal
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const kept = new Map(); // where this browser keeps nothing

  const name = (timer) => `cxm-timer-${timer.dataset.timer}`;
  const fresh = (timer) => ({ all: timer.dataset.minutes * MINUTE, left: timer.dataset.minutes * MINUTE, ends: null });

  const read = (timer) => {
    let told;
    try {
      told = localStorage.getItem(name(timer));
    } catch {
      told = kept.get(name(timer));
    }
    const state = told ? JSON.parse(told) : fresh(timer);
    return state.ends && state.ends + FORGOTTEN < Date.now() ? fresh(timer) : state;
  };

  const keep = (timer, state) => {
    kept.set(name(timer), JSON.stringify(state));
    try {
      localStorage.setItem(name(timer), JSON.stringify(state));
    } catch {
      // the map above has it
    }
  };

  const left = (state) => (state.ends ? Math.max(0, state.ends - Date.now()) : state.left);

  const say = (element, text) => {
    if (element.textContent !== text) {
      element.textContent = text;
    }
  };

  /* Whoever prefers no motion sees minutes only, which change once a minute. */
  const show = () => {
    const timer = document.querySelector("[data-timer]");
    if (!timer) {
      return;
    }
    const state = read(timer);
    const seconds = Math.ceil(left(state) / 1000);
    const minutes = Math.ceil(seconds / 60);
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    say(timer.querySelector(".time"), calm.matches ? `${minutes} ${timer.dataset.unit}` : clock);
    const shown = calm.matches ? minutes * MINUTE : seconds * 1000;
    timer.querySelector(".line span").style.inlineSize = `${Math.min(100, (100 * shown) / state.all)}%`;
    const rests = state.left < state.all ? "paused" : "ready";
    timer.dataset.state = seconds === 0 ? "over" : state.ends ? "running" : rests;
    say(timer.querySelector(".says"), timer.dataset[timer.dataset.state]);
  };

  const press = (key) => {
    const timer = document.querySelector("[data-timer]");
    if (!timer) {
      return;
    }
    const state = read(timer);
    const rest = left(state);
    if (key === "t" && rest > 0) {
      keep(timer, { all: state.all, left: rest, ends: state.ends ? null : Date.now() + rest });
    } else if (key === "+") {
      const more = { all: state.all + MINUTE, left: rest + MINUTE };
      keep(timer, { ...more, ends: state.ends ? Date.now() + more.left : null });
    } else if (key === "r") {
      keep(timer, fresh(timer));
    }
    show();
  };

  setInterval(show, 200);
  show();

  /* A slide is fetched and put in the old one's place: leaving the page would leave full screen too. */
  const turn = async (link) => {
    if (!link) {
      return;
    }
    if (!document.fullscreenElement) {
      location.href = link.href;
      return;
    }
    await htmx.ajax("GET", link.href, { target: "body", swap: "outerHTML", select: "body", source: document.body });
    history.replaceState(null, "", link.href);
    show();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const all = [...document.querySelectorAll(".slides a[href^='?']")];
    const now = all.findIndex((link) => link.getAttribute("aria-current"));
    const focused = document.activeElement?.matches("a, button");
    const key = event.key.toLowerCase();
    if (["ArrowRight", "PageDown"].includes(event.key) || (event.key === " " && !focused)) {
      event.preventDefault();
      turn(all[now + 1]);
    } else if (["ArrowLeft", "PageUp"].includes(event.key)) {
      event.preventDefault();
      turn(all[now - 1]);
    } else if (event.repeat) {
      return; // a key that is held down is one press
    } else if (key === "f") {
      fullscreen();
    } else if (["t", "+", "r"].includes(key)) {
      press(key);
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-fullscreen]")) {
      fullscreen();
    }
    const button = event.target.closest("[data-timer-key]");
    if (button) {
      press(button.dataset.timerKey);
    }
  });
})();
