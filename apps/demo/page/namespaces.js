import { byId, element } from "./dom.js";
import { count, duration, percent } from "./format.js";
import { shareBar } from "./plots.js";

/** A row a namespace, the most read first. */
export function showNamespaces({ namespaces }) {
  const rows = namespaces.toSorted((one, other) => other.reads - one.reads || one.name.localeCompare(other.name));
  byId("namespaces").tBodies[0].replaceChildren(...rows.map(row));
}

function row({ name, target, reads, hitRate, local, remote, entries, loadMs, savedMs }) {
  const spoken = `${percent(local)} local, ${percent(remote)} from Redis`;
  return element(
    "tr",
    { id: `namespace-${name}` },
    element("th", { scope: "row" }, name),
    cell(percent(hitRate)),
    cell(shareBar({ local, remote, target, name: spoken }), { class: "bar" }),
    cell(targetText(target, hitRate, reads)),
    cell(count(reads)),
    cell(count(entries)),
    cell(duration(loadMs)),
    cell(duration(savedMs)),
  );
}

function cell(text, attributes = {}) {
  return element("td", attributes, text);
}

function targetText(target, hitRate, reads) {
  if (target === null) return "–";
  const text = percent(target).replace(".0", "");
  if (hitRate === null || reads < 100) return text;
  const isMet = hitRate >= target;
  return element("span", { class: isMet ? "met" : "short" }, `${text} ${isMet ? "✓" : "below"}`);
}
