import { act, onPress } from "./actions.js";
import { byId, element, pill, setText } from "./dom.js";
import { count, duration } from "./format.js";

const tones = { fresh: "good", due: "good", uncertified: "warn", stale: "warn", leased: "warn", unreachable: "bad" };
const cards = new Map();
let watched = 1;

/** What the buttons of this part do. */
export function wireCoherence() {
  byId("watch").addEventListener("submit", (event) => {
    event.preventDefault();
    watched = byId("watched-user").valueAsNumber;
    for (const { value } of cards.values()) setText(value, "not read yet");
    void act("watch", { userId: watched });
  });
  onPress(byId("start-instance"), () => act("start-instance"));
}

/** A card an instance: what each of its tiers holds of the watched user's preferences. */
export function showCoherence({ instances, actions }) {
  byId("start-instance").hidden = !actions.includes("start-instance");
  for (const instance of instances) showInstance(instance);
  for (const [name, { card }] of cards) {
    if (instances.some((instance) => instance.name === name)) continue;
    card.remove();
    cards.delete(name);
  }
}

function showInstance({ name, processId, watched: seen }) {
  const { holdings, card } = cards.get(name) ?? makeCard(name, processId);
  if (seen === null) return;
  const held = seen.tiers.map(({ tier, holds, ageMs }) => {
    const age = ageMs === null ? "" : `, ${ageOf(ageMs)} old`;
    return element("div", { class: "held" }, tier, pill(tones[holds] ?? "", `${holds}${age}`));
  });
  const now = seen.tiers.map(({ holds }) => holds).join();
  card.classList.toggle("changed", card.dataset.holds !== undefined && card.dataset.holds !== now);
  card.dataset.holds = now;
  card.dataset.local = seen.tiers[0]?.holds ?? "nothing";
  holdings.replaceChildren(...held);
}

/** In whole seconds, so that it does not flicker. */
function ageOf(ms) {
  return ms < 60_000 ? `${Math.round(ms / 1_000)} s` : duration(ms);
}

function makeCard(name, processId) {
  const value = element("p", { class: "quiet", role: "status" }, "not read yet");
  const holdings = element("div", { class: "holdings" });
  const button = (text, label, work) => {
    const made = element("button", { type: "button", "aria-label": `${label} instance ${name}` }, text);
    onPress(made, work);
    return made;
  };
  const buttons = element(
    "div",
    { class: "buttons" },
    button("Read", "Read the preferences on", () => read(name, value)),
    button("Change", "Change the preferences on", () => change(name, value)),
    button("Refresh matches", "Make the top matches anew on", () =>
      act("refresh-matches", { userId: watched, instance: name }),
    ),
  );
  const heading = element(
    "div",
    { class: "head" },
    element("h3", {}, `Instance ${name}`),
    element("span", { class: "quiet" }, `process ${processId}`),
  );
  const card = element("article", { class: "instance", id: `instance-${name}` }, heading, holdings, value, buttons);
  byId("instances").append(card);
  const parts = { card, holdings, value };
  cards.set(name, parts);
  return parts;
}

async function read(instance, value) {
  const answer = await act("read-preferences", { userId: watched, instance });
  if (answer === undefined) return;
  const from = answer.source === "loader" ? "the database" : answer.source;
  setText(
    value,
    answer.preferences === null ? `There is no user ${watched}.` : `${wish(answer.preferences)}; from ${from}`,
  );
}

async function change(instance, value) {
  const answer = await act("change-preferences", { userId: watched, instance });
  if (answer === undefined) return;
  setText(
    value,
    answer.preferences === null ? `There is no user ${watched}.` : `${wish(answer.preferences)}; changed here`,
  );
}

function wish({ minimumSalaryEurPerYear }) {
  return `From €${count(minimumSalaryEurPerYear)} a year`;
}
