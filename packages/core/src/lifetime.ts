import type { LoaderContext } from "./contracts/loader.ts";
import { CacheError } from "./errors.ts";

/** How long a cache is in use. Whoever starts work for it asks here first. */
export class Lifetime {
  readonly #end = new AbortController();
  /** Handed to every loader: the same object for all, so that a load allocates none. */
  readonly loaderContext: LoaderContext = Object.freeze({ signal: this.#end.signal });

  /** @throws `CLOSED` after {@link end}. */
  assertOpen(): void {
    if (this.#end.signal.aborted) throw closed();
  }

  /** Ends the lifetime and tells the loaders. Returns whether this call was the one that ended it. */
  end(): boolean {
    if (this.#end.signal.aborted) return false;
    this.#end.abort(closed());
    return true;
  }
}

function closed(): CacheError {
  return new CacheError("CLOSED", "The cache is closed.");
}
