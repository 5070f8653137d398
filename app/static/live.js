/* What is told as it changes, as server-sent events: each message is the new content of the element with `data-live`, its
   address. The server says at least every few seconds that it is there (`beat`); where neither comes for `data-silence`
   seconds (a line that stopped forwarding, a server that is down, a machine that slept), the connection is made anew, and
   until something comes the element says since when it is not up to date. */
"use strict";

(() => {
  const LOOK = 1000;
  let source = null;
  let heard = Date.now();
  let begun = 0;

  const shown = () => document.querySelector("[data-live]");

  /* Said once: a reader who cannot see it need not hear it every second. */
  const say = (element, text) => {
    const note = element.parentElement.querySelector(".not-up-to-date");
    if (note.textContent !== text) {
      note.textContent = text;
    }
  };

  const hear = () => {
    heard = Date.now();
    const element = shown();
    if (element) {
      say(element, "");
    }
  };

  const connect = (address) => {
    source?.close();
    begun = Date.now();
    source = new EventSource(address);
    source.addEventListener("beat", hear);
    source.addEventListener("message", (event) => {
      hear();
      const element = shown();
      if (element) {
        element.innerHTML = event.data;
      }
    });
  };

  const look = () => {
    const element = shown();
    if (!element) {
      source?.close();
      source = null;
      return;
    }
    const silence = element.dataset.silence * 1000;
    const now = Date.now();
    if (!source) {
      heard = now;
      connect(element.dataset.live);
    } else if (now - heard > silence) {
      const time = new Date(heard).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      say(element, element.dataset.stale.replace("{time}", time));
      // Also where the browser itself would try again: a line that is open and dead looks well to it.
      if (now - begun > silence / 2) {
        connect(element.dataset.live);
      }
    }
  };

  setInterval(look, LOOK);
  look();
})();
