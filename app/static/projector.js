/* The projector is led by the keyboard: arrows, space and page keys turn the slides (so do presenters' remote controls),
   F is full screen, Escape leaves it. Links do the same by mouse, and without a script. */
"use strict";

(() => {
  document.documentElement.classList.add("script");
  const fullscreen = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());

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
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const all = [...document.querySelectorAll(".slides a[href^='?']")];
    const now = all.findIndex((link) => link.getAttribute("aria-current"));
    const focused = document.activeElement?.matches("a, button");
    if (["ArrowRight", "PageDown"].includes(event.key) || (event.key === " " && !focused)) {
      event.preventDefault();
      turn(all[now + 1]);
    } else if (["ArrowLeft", "PageUp"].includes(event.key)) {
      event.preventDefault();
      turn(all[now - 1]);
    } else if (event.key.toLowerCase() === "f") {
      fullscreen();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-fullscreen]")) {
      fullscreen();
    }
  });
})();
