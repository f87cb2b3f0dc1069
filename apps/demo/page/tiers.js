import { act, onPress } from "./actions.js";
import { byId, element, figures, pill, setText } from "./dom.js";
import { count, duration, rate } from "./format.js";
import { sparkline, stackedAreas } from "./plots.js";
import { recentShares } from "./sums.js";

const breakerTones = { closed: "good", open: "bad", "half-open": "warn", isolated: "warn" };
const redisWords = {
  running: ["good", "running"],
  hung: ["warn", "hung"],
  killed: ["bad", "killed"],
  foreign: ["good", "yours"],
  none: ["", "none"],
};
const acts = [
  ["kill", "Kill", "running"],
  ["hang", "Hang", "running"],
  ["resume", "Wake up", "hung"],
  ["restart", "Restart", "killed"],
];

const cards = new Map();

/** The three cards and the plot below them. */
export function showTiers(state, sums) {
  if (cards.size === 0) makeCards();
  const { tiers, history, origins } = sums;
  const shares = recentShares(history);
  const now = history.at(-1);
  setText(byId("reads-rate"), now === undefined ? "" : `${rate(now.local + now.remote + now.loaded)} reads a second`);
  fill("local", {
    share: shares.local,
    history,
    rows: [
      ["A hit takes", duration(tiers.localMs)],
      ["Hits", count(tiers.local.hits)],
      ["Entries", count(tiers.local.entries)],
    ],
  });
  fill("remote", {
    share: shares.remote,
    history,
    rows: [
      ["A read takes (p50, p99)", `${duration(tiers.remoteMs?.p50Ms)}, ${duration(tiers.remoteMs?.p99Ms)}`],
      [
        "Calls, failed, spared",
        [tiers.remote.calls, tiers.remote.failures, tiers.remote.refusedCalls].map(count).join(", "),
      ],
      ["Outbox", `${count(tiers.remote.outboxKeys)} keys`],
      ["Bus heard", certificateOf(state.instances)],
    ],
  });
  const rows = Object.entries(origins.calls).map(([what, calls]) => [what, `${count(calls)} calls`]);
  fill("loaded", { share: shares.loaded, history, rows });
  showRedis(state, tiers.breakers);
  byId("chart").replaceChildren(...stackedAreas(history));
}

function makeCards() {
  const names = [
    ["local", "Local tier", "in each process"],
    ["remote", "Redis", "shared by all"],
    ["loaded", "Origins", "slow, and paid for"],
  ];
  for (const [tone, title, where] of names) {
    const parts = {
      share: element("p", { class: "share", id: `share-${tone}` }),
      pills: element("p", { class: "pills" }),
      spark: element("div"),
      rows: element("dl", { class: "rows" }),
      buttons: element("div", { class: "buttons" }),
    };
    const heading = element(
      "div",
      { class: "head" },
      element("h3", {}, title),
      element("span", { class: "quiet" }, where),
    );
    const card = element("article", { class: `card tier tone-${tone}`, id: `tier-${tone}` }, heading);
    card.append(parts.share, parts.spark, parts.pills, parts.rows, parts.buttons);
    byId("tiers").append(card);
    cards.set(tone, parts);
  }
  const { pills, buttons } = cards.get("remote");
  pills.id = "breakers";
  for (const [name, text] of acts) {
    const button = element(
      "button",
      { type: "button", id: `redis-${name}`, class: name === "kill" || name === "hang" ? "danger" : "" },
      text,
    );
    button.hidden = true;
    onPress(button, () => act("redis", { act: name }));
    buttons.append(button);
  }
}

function fill(tone, { share, history, rows }) {
  const parts = cards.get(tone);
  const text = share === null ? "–" : (share * 100).toFixed(1);
  parts.share.replaceChildren(text, element("small", {}, " % of reads"));
  parts.spark.replaceChildren(sparkline(history.map((sample) => sample[tone])));
  parts.rows.replaceChildren(...figures(rows));
}

function showRedis(state, breakers) {
  const { pills } = cards.get("remote");
  const [tone, word] = redisWords[state.redis];
  const shown = [pill(tone, `server ${word}`)];
  for (const { instance, state: breaker } of breakers) {
    shown.push(pill(breakerTones[breaker] ?? "", `breaker ${instance} ${breaker}`));
  }
  pills.replaceChildren(...shown);
  const offered = state.actions.includes("redis");
  for (const [name, , when] of acts) byId(`redis-${name}`).hidden = !offered || state.redis !== when;
}

function certificateOf(instances) {
  const ages = instances.map(({ certificateAgeMs }) => certificateAgeMs).filter((age) => age !== null);
  return ages.length === 0 ? "–" : `${duration(Math.max(...ages))} ago`;
}
