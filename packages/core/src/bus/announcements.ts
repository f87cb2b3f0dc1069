import type { KeySecret } from "../entry/key-secret.ts";
import type { SentMessage } from "./bus-message.ts";
import { openedIds } from "./sealed-ids.ts";

/** What a namespace does when it hears of its keys. Must not throw. */
export interface NamespaceListener {
  /**
   * @param what - Whether the values may still answer where a load fails.
   * @param said - By whom, and of which version the next values must be at least, if that was said.
   */
  invalidated(ids: readonly string[], what: "gone" | "stale", said: InvalidationHeard): void;
  filled(ids: readonly string[]): void;
  matching(pattern: string, by: string): void;
}

/** Who says that keys were invalidated, and with which version. */
export interface InvalidationHeard {
  readonly by: string;
  readonly version: number | undefined;
}

/** What has become of tags, and who says so. */
export interface TagsHeard {
  /** Whether they were deleted, and not only invalidated. */
  readonly isGone: boolean;
  readonly by: string;
}

interface Joined {
  readonly listener: NamespaceListener;
  readonly secret: KeySecret | undefined;
}

/** What is done when tags are heard of. Must not throw. */
export type TagsListener = (names: readonly string[], heard: TagsHeard) => void;

/** Hands what was heard on the bus to whom it concerns. */
export class Announcements {
  readonly #namespaces = new Map<string, Joined>();
  #tags: TagsListener | undefined;

  /**
   * @param name - Unique in this cache.
   * @param secret - Opens the ids of what is announced, where they are hidden.
   */
  join(name: string, listener: NamespaceListener, secret?: KeySecret): void {
    this.#namespaces.set(name, { listener, secret });
  }

  /** Of a cache, one listener hears of tags. */
  joinTags(listener: TagsListener): void {
    this.#tags = listener;
  }

  /** A message of a namespace that this process has not declared concerns nobody. */
  hear({ message, by }: SentMessage): void {
    if ("names" in message) {
      this.#tags?.(message.names, { isGone: message.kind === "tags-deleted", by });
      return;
    }
    const joined = this.#namespaces.get(message.namespace);
    if (joined === undefined) return;
    const { listener, secret } = joined;
    if (message.kind === "matching") {
      listener.matching(message.pattern, by);
      return;
    }
    // Who hides his keys by another secret has other keys.
    const ids = secret === undefined ? message.ids : openedIds(message.ids, by, secret);
    if (ids === undefined) return;
    if (message.kind === "filled") listener.filled(ids);
    else listener.invalidated(ids, message.kind, { by, version: message.version });
  }
}
