import { byId, element, setText } from "./dom.js";
import { count, duration, percent } from "./format.js";
import { shareBar } from "./plots.js";

const leastReads = 100;
const judgedAfterMs = 300_000;

/** A row a namespace, the most read first. */
export function showNamespaces({ namespaces }, upMs) {
  const unread = namespaces.filter(({ wasRead }) => !wasRead).map(({ name }) => name);
  setText(byId("unread"), unread.length === 0 ? "" : `Not read yet: ${unread.toSorted().join(", ")}`);
  const read = namespaces.filter(({ wasRead }) => wasRead);
  const rows = read.toSorted((one, other) => other.reads - one.reads || one.name.localeCompare(other.name));
  byId("namespaces").tBodies[0].replaceChildren(...rows.map((namespace) => row(namespace, upMs)));
}

function row(namespace, upMs) {
  const { name, target, reads, hitRate, local, remote, entries, loadMs, savedMs } = namespace;
  const spoken = `${percent(local)} local, ${percent(remote)} from Redis`;
  return element(
    "tr",
    { id: `namespace-${name}` },
    element("th", { scope: "row" }, name),
    cell(percent(hitRate)),
    cell(shareBar({ local, remote, target, name: spoken }), { class: "bar" }),
    cell(targetText(namespace, upMs)),
    cell(count(reads)),
    cell(count(entries)),
    cell(duration(loadMs)),
    cell(duration(savedMs)),
  );
}

function cell(text, attributes = {}) {
  return element("td", attributes, text);
}

/** As the framework does, nothing is called too low before five minutes have passed: caches fill first. */
function targetText({ target, hitRate, reads }, upMs) {
  if (target === null) return "–";
  const text = percent(target).replace(".0", "");
  if (hitRate === null || reads < leastReads) return text;
  if (hitRate >= target) return element("span", { class: "met" }, `${text} ✓`);
  if (upMs < judgedAfterMs) return element("span", { class: "quiet" }, `${text} filling`);
  return element("span", { class: "short" }, `${text} below`);
}
