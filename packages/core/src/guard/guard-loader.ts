import type { BatchLoaderContext, LoaderContext } from "../contracts/loader.ts";
import type { Policy } from "../contracts/policy.ts";
import { callable, invalidOption } from "../option-rules.ts";
import { checkPolicies } from "./guard.ts";
import { underPolicies } from "./policies.ts";

/**
 * Puts policies around a loader of one key or of a batch. The first is outermost. Each attempt is given the signal of the innermost
 * policy, which fires with the loader's own; the errors reach the readers as they are.
 *
 * @throws `INVALID_OPTION` for what is no function or no policy.
 *
 * @example
 * ```ts
 * import { createCache, guardLoader, type LoaderContext, type Policy } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 *
 * const twice: Policy = {
 *   async execute(attempt, signal = new AbortController().signal) {
 *     try {
 *       return await attempt({ signal });
 *     } catch {
 *       return attempt({ signal });
 *     }
 *   },
 * };
 * let attempts = 0;
 * const load = (id: string, _context: LoaderContext): string => {
 *   if (++attempts === 1) throw new Error("not yet");
 *   return `user ${id}`;
 * };
 * const users = createCache({ tiers: [lru()] }).namespace("user", { load: guardLoader(load, twice) });
 * console.log(await users.get("7")); // "user 7"
 * ```
 */
export function guardLoader<A extends readonly unknown[], R>(
  load: (...args: A) => R | PromiseLike<R>,
  ...policies: readonly Policy[]
): (...args: A) => Promise<R> {
  if (!callable.accepts(load)) throw invalidOption("The first argument of guardLoader", load, callable);
  checkPolicies("guardLoader", policies);
  const under = underPolicies(policies);
  const target = load.name === "" ? "loader" : load.name;
  return (...args) => {
    const context = args.at(-1) as LoaderContext | BatchLoaderContext;
    const attempt = ({ signal }: { readonly signal: AbortSignal }): R | PromiseLike<R> =>
      load(...([...args.slice(0, -1), { ...tools(context), signal }] as unknown as A));
    return under(attempt, context.signal, { kind: "load", target, keys: keysOf(context) });
  };
}

/** All of a context but its signal: the policies have one of their own, and it need not be made twice. */
function tools({ keepFor, unchanged, stale, setEtag, ...others }: LoaderContext | BatchLoaderContext): object {
  const { failed } = others as Partial<BatchLoaderContext>;
  return { keepFor, unchanged, stale, setEtag, ...(failed !== undefined && { failed }) };
}

function keysOf({ stale }: LoaderContext | BatchLoaderContext): number {
  return Array.isArray(stale) ? stale.length : 1;
}
