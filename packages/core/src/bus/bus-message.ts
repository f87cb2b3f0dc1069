/**
 * What processes tell each other:
 *
 * - `gone`: the values of some keys of a namespace are no longer to be believed.
 * - `stale`: likewise, but they may answer where a load fails, flagged.
 *
 *   Both may say which version the next values must have at least; then they go as `gone-below` and `stale-below`.
 * - `filled`: keys that somebody waited for have been filled, or given up.
 * - `matching`: the values of all keys of a namespace that match a pattern are no longer to be believed.
 * - `tags-invalidated`, `tags-deleted`: some tags have ended, or generations of namespaces; named as remote tiers know them.
 *
 * No value ever travels on the bus: whoever hears drops what he has and asks the remote tier, so that two writers cannot
 * leave two processes with different values for ever.
 */
export type BusMessage =
  | {
      readonly kind: "gone" | "stale";
      readonly namespace: string;
      readonly ids: readonly string[];
      readonly version?: number | undefined;
    }
  | { readonly kind: "filled"; readonly namespace: string; readonly ids: readonly string[] }
  | { readonly kind: "matching"; readonly namespace: string; readonly pattern: string }
  | { readonly kind: "tags-invalidated" | "tags-deleted"; readonly names: readonly string[] };

/** A message and who sent it. */
export interface SentMessage {
  readonly message: BusMessage;
  /** Names the process and what it did: no two messages have the same. */
  readonly by: string;
}

/** The version of the messages' form, and what marks them as ours: a foreign message on the channel is nobody's. */
const MARK = "tiercache:1";

/** A message as text. */
export function messageText({ message, by }: SentMessage): string {
  if ("version" in message && message.version !== undefined) {
    const { kind, namespace, version, ids } = message;
    return JSON.stringify([MARK, by, `${kind}-below`, namespace, String(version), ...ids]);
  }
  // Of one key, as each miss has one ready: without a list of its parts.
  if (message.kind === "filled" && message.ids.length === 1) {
    const { kind, namespace, ids } = message;
    return `["${MARK}",${JSON.stringify(by)},"${kind}",${JSON.stringify(namespace)},${JSON.stringify(ids[0])}]`;
  }
  return JSON.stringify([MARK, by, message.kind, ...saidBy(message)]);
}

function saidBy(message: BusMessage): readonly string[] {
  if ("names" in message) return message.names;
  return [message.namespace, ...("ids" in message ? message.ids : [message.pattern])];
}

/**
 * What a text on the channel says. Never throws, whatever the text is.
 *
 * @returns `"foreign"` for what no process of ours has sent; `"unknown"` for what a later version may have: whatever it says
 * could be of importance.
 */
export function readMessage(text: string): SentMessage | "foreign" | "unknown" {
  const parts = listIn(text);
  if (parts === undefined) return "foreign";
  const [mark, by, kind, ...rest] = parts;
  if (mark !== MARK || by === undefined) return mark?.startsWith("tiercache:") ? "unknown" : "foreign";
  const message = messageOf(kind, rest);
  return message === undefined ? "unknown" : { message, by };
}

function messageOf(kind: string | undefined, said: readonly string[]): BusMessage | undefined {
  if (kind === "tags-invalidated" || kind === "tags-deleted") return { kind, names: said };
  const [namespace, ...ids] = said;
  if (namespace === undefined) return undefined;
  const [pattern, ...more] = ids;
  if (kind === "gone-below" || kind === "stale-below") return belowOf(kind, namespace, { version: pattern, ids: more });
  if (kind === "matching") return pattern === undefined || more.length > 0 ? undefined : { kind, namespace, pattern };
  return kind === "gone" || kind === "stale" || kind === "filled" ? { kind, namespace, ids } : undefined;
}

function belowOf(
  kind: "gone-below" | "stale-below",
  namespace: string,
  { version, ids }: { readonly version: string | undefined; readonly ids: readonly string[] },
): BusMessage | undefined {
  if (version === undefined || !/^\d{1,16}$/.test(version) || !Number.isSafeInteger(Number(version))) return undefined;
  return { kind: kind === "gone-below" ? "gone" : "stale", namespace, ids, version: Number(version) };
}

function listIn(text: string): readonly string[] | undefined {
  try {
    const parts: unknown = JSON.parse(text);
    return Array.isArray(parts) && parts.every((part) => typeof part === "string") ? parts : undefined;
  } catch {
    return undefined;
  }
}
