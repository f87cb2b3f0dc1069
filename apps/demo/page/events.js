import { byId, element } from "./dom.js";
import { clock } from "./format.js";

const shownAtMost = 200;
let events = [];
let isPaused = false;

/** What the buttons of this part do. */
export function wireEvents() {
  byId("news-only").addEventListener("change", show);
  byId("pause").addEventListener("click", () => {
    isPaused = !isPaused;
    byId("pause").setAttribute("aria-pressed", String(isPaused));
    byId("pause").textContent = isPaused ? "Go on" : "Pause";
    show();
  });
}

/** Takes what has happened; an event that has happened again takes the place of its earlier self. */
export function takeEvents(more) {
  if (more.length === 0) return;
  const again = new Set(more.map(identity));
  events = [...events.filter((event) => !again.has(identity(event))), ...more].slice(-shownAtMost);
  announce(more);
  show();
}

/** Forgets all: the page is told everything anew. */
export function forgetEvents() {
  events = [];
}

function identity({ instance, atEpochMs, text }) {
  return `${instance}/${atEpochMs}/${text}`;
}

function show() {
  if (isPaused) return;
  const newsOnly = byId("news-only").checked;
  const shown = events.filter(({ tone }) => !newsOnly || tone !== "plain");
  const lines = shown
    .toReversed()
    .map(({ atEpochMs, instance, tone, text, times }) =>
      element(
        "li",
        {},
        element("time", { datetime: new Date(atEpochMs).toISOString() }, clock(atEpochMs)),
        element("span", { class: "who", title: `instance ${instance}` }, instance),
        element("span", { class: tone }, text),
        element("span", { class: "times" }, times > 1 ? `× ${times}` : ""),
      ),
    );
  byId("events").replaceChildren(...lines);
}

/** Breakers are told to those who do not see the page; more would never end. */
function announce(more) {
  const news = more.findLast(({ text }) => text.includes("breaker"));
  if (news !== undefined) byId("announcer").textContent = `Instance ${news.instance}: ${news.text}`;
}
