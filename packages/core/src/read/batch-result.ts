import type { BatchLoader, BatchLoaderContext, Loader, LoaderContext } from "../contracts/loader.ts";
import { CacheError } from "../errors.ts";
import { LoadFailure } from "./loader-outcome.ts";

/**
 * What a batch loader returned, once it is known to be one value a key.
 *
 * @throws `INVALID_BATCH`, saying what was returned and what is allowed.
 */
export function oneEach<V>(namespace: string, expected: number, returned: readonly V[]): readonly V[] {
  // A JavaScript caller may have returned anything.
  if (Array.isArray(returned) && returned.length === expected) return returned;
  const shown = Array.isArray(returned) ? `${returned.length} values` : "no list";
  throw new CacheError(
    "INVALID_BATCH",
    `loadMany of namespace "${namespace}" returned ${shown} for ${expected} keys; allowed is a list of one value a key, in order.`,
  );
}

/** A batch loader as the loader of one key. */
export function singleLoader<K extends readonly unknown[], V>(
  namespace: string,
  loadMany: BatchLoader<K, V>,
): Loader<K, V> {
  return async (...argsAndContext) => {
    const context = argsAndContext.at(-1) as LoaderContext;
    const args = argsAndContext.slice(0, -1) as unknown as K;
    const [value] = oneEach<unknown>(namespace, 1, await loadMany([args], batchOfOne(context)));
    if (value instanceof LoadFailure) throw value.error;
    return value as V;
  };
}

function batchOfOne(context: LoaderContext): BatchLoaderContext {
  return {
    get signal() {
      return context.signal;
    },
    keepFor: context.keepFor,
    unchanged: context.unchanged,
    stale: [context.stale],
    setEtag: (_position, etag) => context.setEtag(etag),
    failed: (error) => new LoadFailure(error) as never,
  };
}
