import type { CacheEvent } from "@tiercache/core";
import type { FeedEvent } from "./feed-event.ts";

/** What an event says to a person. */
export type EventLine = Pick<FeedEvent, "tone" | "text">;

type Lines = { readonly [T in CacheEvent["type"]]?: (event: Extract<CacheEvent, { readonly type: T }>) => EventLine };

const plain = (text: string): EventLine => ({ tone: "plain", text });
const good = (text: string): EventLine => ({ tone: "good", text });
const bad = (text: string): EventLine => ({ tone: "bad", text });

/** The events worth a line. What happens with every request is counted elsewhere, and has none. */
const lines: Lines = {
  "load-failed": ({ namespace }) => bad(`${namespace}: a load failed`),
  "load-timed-out": ({ namespace }) => bad(`${namespace}: a load takes too long`),
  "read-failed": ({ namespace }) => bad(`${namespace}: a read was answered by an error`),
  stale: ({ namespace, why }) => plain(`${namespace}: answered by a stale value (${why})`),
  superseded: ({ namespace }) => plain(`${namespace}: a load was overtaken by a change, and not kept`),
  refused: ({ namespace, tier }) => plain(`${namespace}: ${tier} refused what a change had overtaken`),
  "held-off": ({ namespace }) => plain(`${namespace}: not kept, as it was just invalidated`),
  awaited: ({ namespace }) => plain(`${namespace}: another process is loading it; its value is waited for`),
  written: ({ namespace, operation, keys, status }) =>
    (status === "done" ? plain : bad)(`${namespace}: ${operation} of ${count(keys, "key")} ${status}`),
  "pattern-invalidated": ({ namespace, keys }) => plain(`${namespace}: a pattern of ${count(keys, "key")} forgotten`),
  "invalidated-elsewhere": ({ namespace, keys }) =>
    good(`${namespace}: dropped ${count(keys, "key")} that another process has changed`),
  collapsed: ({ namespace, tier }) => bad(`${namespace}: taken for removed as a whole, as ${tier} is away`),
  "bus-gap": () => bad("bus: announcements may have been missed; what is held locally is confirmed first"),
  "frame-rejected": ({ namespace, tier, reason }) => bad(`${namespace}: ${tier} held something unusable (${reason})`),
  "tier-failed": ({ tier, operation, code }) => bad(`${tier}: ${operation} failed (${code})`),
  "breaker-changed": ({ tier, state, was }) => (state === "closed" ? good : bad)(`${tier}: breaker ${was} → ${state}`),
  "target-missed": ({ namespace, hitRate }) => bad(`${namespace}: hit rate fell to ${percent(hitRate)}`),
  "target-met": ({ namespace, hitRate }) => good(`${namespace}: hit rate is ${percent(hitRate)} again`),
};

/** The line of an event; `undefined` for one that is not worth any. */
export function lineOf(event: CacheEvent): EventLine | undefined {
  return (lines[event.type] as ((event: CacheEvent) => EventLine) | undefined)?.(event);
}

function count(number: number, what: string): string {
  return `${number.toLocaleString("en-GB")} ${what}${number === 1 ? "" : "s"}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
