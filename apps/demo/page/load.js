import { act, onPress } from "./actions.js";
import { byId, element, figures, setText } from "./dom.js";
import { count, dollars, duration, percent, rate } from "./format.js";

const rates = [50, 200, 500];
const exponents = [0.7, 1, 1.2];
let isRunning = false;

/** What the buttons of this part do. */
export function wireLoad() {
  segments("rates", "perSecond", { values: rates, chosen: 200 });
  segments("exponents", "exponent", { values: exponents, chosen: 1 });
  byId("load").addEventListener("submit", (event) => {
    event.preventDefault();
    void (isRunning ? act("stop-load") : send());
  });
  for (const name of ["ingest", "warm"]) onPress(byId(name), () => act(name));
  byId("load").addEventListener("change", () => {
    if (isRunning) void send();
  });
}

/** How the load goes, and what the origins were spared. */
export function showLoad({ traffic, actions }, { origins }) {
  isRunning = traffic.isRunning;
  const button = byId("send-load");
  setText(button, isRunning ? "Stop load" : "Send load");
  button.disabled = !actions.includes("send-load");
  for (const name of ["ingest", "warm"]) {
    const other = byId(name);
    if (!other.hasAttribute("aria-busy")) other.disabled = !actions.includes(name);
  }
  byId("load-figures").replaceChildren(
    ...figures([
      ["A second", rate(traffic.perSecond)],
      ["p50", traffic.requests === 0 ? "–" : duration(traffic.p50Ms)],
      ["p99", traffic.requests === 0 ? "–" : duration(traffic.p99Ms)],
      ["Requests", count(traffic.requests)],
      ["Failed", count(traffic.failures)],
      ["Provider failed", count(traffic.unprovided)],
    ]),
  );
  const made = Object.values(origins.calls).reduce((sum, calls) => sum + calls, 0);
  const spared = origins.savedLoads + made === 0 ? null : origins.savedLoads / (origins.savedLoads + made);
  byId("saved").replaceChildren(
    ...figures([
      ["Calls made", count(made)],
      ["Loads spared", count(origins.savedLoads)],
      ["Spared", percent(spared)],
      ["Time spared", duration(origins.savedMs)],
      ["Paid", dollars(origins.costUsd)],
      ["Saved", dollars(origins.savedUsd)],
    ]),
  );
}

async function send() {
  const chosen = new FormData(byId("load"));
  await act("send-load", { perSecond: Number(chosen.get("perSecond")), exponent: Number(chosen.get("exponent")) });
}

function segments(id, name, { values, chosen }) {
  for (const value of values) {
    const input = element("input", { type: "radio", name, value, checked: value === chosen });
    byId(id).append(element("label", {}, input, String(value)));
  }
}
