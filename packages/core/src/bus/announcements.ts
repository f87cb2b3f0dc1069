import type { BusMessage, SentMessage } from "./bus-message.ts";

/** What a namespace does when it hears of its keys. Must not throw. */
export interface NamespaceListener {
  /** @param by - Who says so. */
  gone(ids: readonly string[], by: string): void;
  filled(ids: readonly string[]): void;
  cleared(by: string): void;
}

/** What hears of tags. Must not throw. */
export interface TagListener {
  invalidated(names: readonly string[], by: string): void;
}

/** Hands what was heard on the bus to whom it concerns. */
export class Announcements {
  readonly #namespaces = new Map<string, NamespaceListener>();
  readonly #tagListeners: TagListener[] = [];

  /** @param name - Unique in this cache. */
  join(name: string, listener: NamespaceListener): void {
    this.#namespaces.set(name, listener);
  }

  joinTags(listener: TagListener): void {
    this.#tagListeners.push(listener);
  }

  /** A message of a namespace that this process has not declared concerns nobody. */
  hear({ message, by }: SentMessage): void {
    if (message.kind === "tags") {
      for (const listener of this.#tagListeners) listener.invalidated(message.names, by);
      return;
    }
    const listener = this.#namespaces.get(message.namespace);
    if (listener !== undefined) told(listener, message, by);
  }
}

function told(listener: NamespaceListener, message: Exclude<BusMessage, { kind: "tags" }>, by: string): void {
  if (message.kind === "gone") listener.gone(message.ids, by);
  else if (message.kind === "filled") listener.filled(message.ids);
  else listener.cleared(by);
}
