import { asyncCacheDedupe } from "./async-cache-dedupe.ts";
import { bentocache } from "./bentocache.ts";
import { byHand } from "./by-hand.ts";
import { cacheManager } from "./cache-manager.ts";
import { cacheable } from "./cacheable.ts";
import { cachified } from "./cachified.ts";
import { layeredLoader } from "./layered-loader.ts";
import { lruCache } from "./lru-cache.ts";
import type { Peer } from "./peer.ts";
import { tiercache } from "./tiercache.ts";

/** All that is measured, the floors first. */
export const peers: readonly Peer[] = [
  lruCache,
  byHand,
  tiercache,
  layeredLoader,
  asyncCacheDedupe,
  cachified,
  bentocache,
  cacheable,
  cacheManager,
];

/** @throws an `Error` where there is none of that name */
export function peerNamed(name: string): Peer {
  const peer = peers.find((one) => one.name === name);
  if (peer === undefined)
    throw new Error(`There is no peer "${name}"; one of: ${peers.map((one) => one.name).join(", ")}`);
  return peer;
}
