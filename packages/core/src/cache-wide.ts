import { CacheError } from "./errors.ts";
import type { Stack } from "./stack.ts";
import { checkedTags } from "./tags/tag-rules.ts";
import {
  asRequired,
  checkRemoteOptions,
  type RemoteOptions,
  resultOf,
  type WriteResult,
} from "./write/remote-options.ts";

/** What is done to all namespaces of a cache at once. */
export abstract class CacheWide {
  readonly #stack: Stack;
  /** Of the namespaces that are declared. */
  readonly #names = new Set<string>();

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** @throws `INVALID_OPTION` for the name of a namespace that is there. */
  protected assertUnused(name: string): void {
    if (!this.#names.has(name)) return;
    const message = `The namespace "${name}" is declared twice; a name stands for one key family.`;
    throw new CacheError("INVALID_OPTION", message);
  }

  /** A namespace is there. */
  protected declared(name: string): void {
    this.#names.add(name);
  }

  /**
   * Says that something has changed which values of any namespace were made of: everything that has one of these tags is not
   * fresh any longer, nor good enough to answer while it is refreshed; the next read loads. Only where that load fails may a
   * value from before still answer, flagged as stale, for as long as `staleIfErrorMs` allows from now on, if the remote tier
   * that keeps the tags has a fence. To be called after the change. However much has a tag, one call to one remote tier.
   *
   * @throws (rejects) {@link CacheError} `INVALID_OPTION`; `CLOSED` after `close()`; `TIER_FAILED` where `requireRemote` asks for it.
   *
   * @example
   * ```ts
   * import { createCache } from "@tiercache/core";
   * import { lru } from "@tiercache/lru";
   *
   * const cache = createCache({ tiers: [lru()] });
   * let loads = 0;
   * const scores = cache.namespace("score", {
   *   key: (user: number, job: number) => [user, job],
   *   tags: (user, job) => [`user:${user}`, `job:${job}`],
   *   load: () => ++loads,
   * });
   * await scores.get(7, 1);
   * await scores.get(7, 2);
   * await cache.invalidateTags(["user:7"]);
   * console.log(await scores.get(7, 1)); // 3
   * await cache.close();
   * ```
   */
  async invalidateTags(tags: readonly string[], options?: RemoteOptions): Promise<WriteResult> {
    const names = this.#tagNames("invalidateTags", tags, options);
    return asRequired(resultOf(this.#stack.tags.invalidate(names)), options);
  }

  /**
   * Forgets everything that has one of these tags, in all namespaces and tiers and for good: it does not answer for a load that
   * fails either.
   *
   * @throws (rejects) As {@link invalidateTags}.
   */
  async deleteByTags(tags: readonly string[], options?: RemoteOptions): Promise<WriteResult> {
    const names = this.#tagNames("deleteByTags", tags, options);
    return asRequired(resultOf(this.#stack.tags.delete(names)), options);
  }

  /**
   * Forgets everything in all namespaces that are declared here: see `clear` of a namespace.
   *
   * @throws (rejects) As `clear` of a namespace.
   */
  async clear(options?: RemoteOptions): Promise<WriteResult> {
    checkRemoteOptions("cache.clear", options);
    this.#stack.lifetime.assertOpen();
    return asRequired(resultOf(this.#stack.tags.clear([...this.#names])), options);
  }

  #tagNames(method: string, tags: readonly string[], options: RemoteOptions | undefined): readonly string[] {
    checkRemoteOptions(`cache.${method}`, options);
    this.#stack.lifetime.assertOpen();
    return checkedTags(`The list given to ${method}`, tags).map((tag) => this.#stack.tags.names.ofTag(tag));
  }
}
