import type { HistoryEvent } from "../history/event.ts";
import type { History } from "../history/history.ts";
import type { Violation } from "../judge/invariant.ts";

const MOST_FAULTS = 6;

/** The shortest part of a history that explains a violation, in its order. */
export function explanationOf({ because }: Violation, history: History): readonly HistoryEvent[] {
  const events = new Set<HistoryEvent>(because);
  for (const event of because) {
    if (event.kind === "read") for (const each of aboutRead(event, history)) events.add(each);
    if (event.kind === "change") {
      for (const removal of history.removalsOf(event)) {
        if (removal.from >= event.from && removal.from <= event.to + 1_000) events.add(removal);
      }
    }
  }
  const from = Math.min(...[...events].map((event) => event.from));
  const to = Math.max(...[...events].map((event) => event.to));
  const faults = history.of("fault").filter((fault) => fault.from <= to && fault.to >= from);
  for (const fault of faults.slice(-MOST_FAULTS)) events.add(fault);
  return [...events].sort((one, other) => one.from - other.from);
}

/** Where the value came from, how it got into the process, and what proof there was. */
function aboutRead(read: Extract<HistoryEvent, { kind: "read" }>, history: History): readonly HistoryEvent[] {
  const { process, key, load, to } = read;
  const made = history.loadNamed(load);
  const before = (event: HistoryEvent): boolean => event.process === process && event.to <= to;
  const first = history
    .firmReadsOf(key)
    .filter((each) => each.load === load && before(each))
    .slice(0, 1);
  const asked = history
    .of("tier-read")
    .filter((each) => before(each) && each.keys.includes(key))
    .slice(-1);
  const proof = [history.of("echo"), history.of("gap")].flatMap((all) =>
    (all as readonly HistoryEvent[]).filter(before).slice(-1),
  );
  return [...(made === undefined ? [] : [made]), ...first, ...asked, ...proof];
}

/** One event in one line; instants are in ms from the beginning of the run. */
export function lineOf(event: HistoryEvent, beganAt: number): string {
  const { process, from, to } = event;
  const time = `${(from - beganAt).toFixed(1)}–${(to - beganAt).toFixed(1)}`;
  return `${time.padStart(19)}  ${process.padEnd(9)}  ${textOf(event)}`;
}

function textOf(event: HistoryEvent): string {
  const { kind, process: _process, from: _from, to: _to, ...rest } = event;
  const told = Object.entries(rest)
    .filter(([name, value]) => value !== undefined && value !== "" && name !== "announce")
    .map(([name, value]) => `${name} ${shown(value)}`);
  return [kind, ...told].join(", ");
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length > 4 ? `${value.slice(0, 4).join(" ")} …` : value.join(" ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
