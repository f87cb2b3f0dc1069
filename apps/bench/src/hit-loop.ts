import type { PeerCache } from "./peers/peer.ts";

/*
 * Each contender imports this anew: `await import("./hit-loop.ts?of=…")`. One loop for all would call all of them through one
 * site, and the engine would inline none.
 */

/** Awaits so many hits, one after the other, over all keys in turn. */
export async function awaitHits(cache: PeerCache, keys: readonly string[], times: number): Promise<void> {
  let found = 0;
  for (let time = 0, at = 0; time < times; time++, at = at + 1 === keys.length ? 0 : at + 1)
    if ((await cache.get(keys[at] ?? "")) !== undefined) found++;
  if (found !== times) throw new Error(`Only ${found} of ${times} reads found anything.`);
}

/** Looks for so many values without awaiting any. */
export function peekHits(cache: PeerCache, keys: readonly string[], times: number): void {
  let found = 0;
  for (let time = 0, at = 0; time < times; time++, at = at + 1 === keys.length ? 0 : at + 1)
    if (cache.peek?.(keys[at] ?? "") !== undefined) found++;
  if (found !== times) throw new Error(`Only ${found} of ${times} looks found anything.`);
}
