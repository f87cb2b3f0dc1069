import { showCoherence, wireCoherence } from "./coherence.js";
import { byId, element, setText } from "./dom.js";
import { forgetEvents, takeEvents, wireEvents } from "./events.js";
import { count, duration } from "./format.js";
import { showLoad, wireLoad } from "./load.js";
import { wireManagement } from "./manage.js";
import { showNamespaces } from "./namespaces.js";
import { summed } from "./sums.js";
import { showTiers } from "./tiers.js";

const healthTones = { healthy: "good", degraded: "warn", unhealthy: "bad" };
const severity = ["healthy", "degraded", "unhealthy"];

wireLoad();
wireCoherence();
wireEvents();
wireManagement();
follow();

/** Shows what the server tells, for as long as the page is open; a connection that is lost comes back by itself. */
function follow() {
  const stream = new EventSource("/live/events");
  stream.addEventListener("open", forgetEvents);
  stream.addEventListener("message", ({ data }) => {
    const { state, events } = JSON.parse(data);
    show(state);
    takeEvents(events);
  });
  stream.addEventListener("error", () => showHealth("bad", "the demo does not answer"));
}

function show(state) {
  const sums = summed(state.instances);
  showHead(state);
  showWorks(state.works, state.instances.length > 0);
  showTiers(state, sums);
  showLoad(state, sums);
  showNamespaces(sums, Math.max(0, ...state.instances.map(({ upMs }) => upMs)));
  showCoherence(state);
  byId("report-link").hidden = !state.hasReport;
  setText(byId("remote"), state.remote === null ? "" : `Remote tier: ${state.remote}`);
}

function showHead({ instances, away }) {
  const [first] = instances;
  if (first === undefined) {
    setText(byId("subtitle"), "getting ready …");
    return showHealth("", "starting");
  }
  const many = instances.length === 1 ? "one instance" : `${count(instances.length)} instances`;
  const gone = away.length === 0 ? "" : `, ${count(away.length)} away`;
  setText(byId("subtitle"), `${many}${gone}, up ${duration(Math.floor(first.upMs / 1_000) * 1_000)}`);
  const worst = Math.max(...instances.map(({ status }) => severity.indexOf(status)));
  const reasons = [...new Set(instances.flatMap((instance) => instance.reasons))];
  const status = severity[worst] ?? "healthy";
  showHealth(healthTones[status], reasons.length === 0 ? status : `${status}: ${reasons.join(", ")}`);
}

function showHealth(tone, text) {
  const node = byId("health");
  node.className = `pill ${tone}`;
  setText(node.lastElementChild, text);
}

/** What takes long and is not done yet; nothing once all is. */
function showWorks(works, isServing) {
  const open = works.filter(({ isDone }) => !isDone);
  document.body.classList.toggle("starting", !isServing);
  byId("works").hidden = open.length === 0 && isServing;
  byId("works-note").hidden = isServing;
  const shown = isServing ? open : works;
  byId("works-list").replaceChildren(
    ...shown.map(({ what, done, total }) => {
      const bar = element("progress", { "aria-label": what, ...(total > 0 ? { value: done, max: total } : {}) });
      const far = total > 0 ? `${count(done)} of ${count(total)}` : "";
      return element(
        "li",
        {},
        element("div", {}, element("span", {}, what), element("span", { class: "quiet" }, far)),
        bar,
      );
    }),
  );
}
