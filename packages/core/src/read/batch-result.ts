import type { BatchLoader, BatchLoaderContext, Loader } from "../contracts/loader.ts";
import { CacheError } from "../errors.ts";
import { invalidOption } from "../option-rules.ts";
import type { OneKeyContext } from "./load-tools.ts";

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
    const context = argsAndContext.at(-1) as OneKeyContext;
    const args = argsAndContext.slice(0, -1) as unknown as K;
    const [value] = oneEach(namespace, 1, await loadMany([args], batchOfOne(context)));
    return value as V;
  };
}

function batchOfOne(context: OneKeyContext): BatchLoaderContext {
  return {
    get signal() {
      return context.signal;
    },
    keepFor: context.keepFor,
    keepAlso: context.keepAlso,
    unchanged: context.unchanged,
    stale: [context.stale],
    setEtag: (position, etag) => {
      assertOnly("setEtag", position);
      context.setEtag(etag);
    },
    addTags: (position, tags) => {
      assertOnly("addTags", position);
      // Not spread as it is: a JavaScript caller may have handed over anything.
      context.addTags(...(Array.isArray(tags) ? tags : [tags as unknown as string]));
    },
    failed: context.failed,
  };
}

function assertOnly(method: string, position: number): void {
  if (position === 0) return;
  throw invalidOption(`The position given to ${method}`, position, { allowed: "the position of a key, 0" });
}
