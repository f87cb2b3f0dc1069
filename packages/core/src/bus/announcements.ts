import type { SentMessage } from "./bus-message.ts";

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

/** What is done when tags are heard of. Must not throw. */
export type TagsListener = (names: readonly string[], heard: TagsHeard) => void;

/** Hands what was heard on the bus to whom it concerns. */
export class Announcements {
  readonly #namespaces = new Map<string, NamespaceListener>();
  #tags: TagsListener | undefined;

  /** @param name - Unique in this cache. */
  join(name: string, listener: NamespaceListener): void {
    this.#namespaces.set(name, listener);
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
    const listener = this.#namespaces.get(message.namespace);
    if (message.kind === "gone" || message.kind === "stale")
      listener?.invalidated(message.ids, message.kind, { by, version: message.version });
    else if (message.kind === "matching") listener?.matching(message.pattern, by);
    else listener?.filled(message.ids);
  }
}
