import type { CacheError } from "./errors.ts";

/**
 * A signal that is made on first use: an `AbortController` costs more than all the rest of a call that cannot be
 * cancelled anyway.
 */
export class LazySignal {
  #controller: AbortController | undefined;
  #reason: CacheError | undefined;

  /** Fires when nobody waits for the work any longer; has fired already if that was before the first use. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** @throws The reason, once {@link abandon} has been called. */
  throwIfAbandoned(): void {
    if (this.#reason !== undefined) throw this.#reason;
  }

  /** Says that nobody waits any longer. Only the first reason counts. */
  abandon(reason: CacheError): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }
}
