import { FRAME_IDENTITY, type RemoteTier } from "@tiercache/core";

const call = { signal: new AbortController().signal, ttlMs: Number.POSITIVE_INFINITY };

/**
 * Gives a remote tier the generations of namespaces before anybody looks at it, the same in all: so that what was written by a
 * cache of some of them is believed by a cache of others, whichever of them it asks for tokens. Written from
 * docs/wire-format.md alone.
 */
export function givenTokens<T extends RemoteTier>(tier: T, ...namespaces: readonly string[]): T {
  const record = Buffer.alloc(32);
  record.set([0xc1, 0xf5, 1]);
  record[FRAME_IDENTITY.stateAt] = FRAME_IDENTITY.awaited;
  record.writeBigUInt64BE(7n, FRAME_IDENTITY.revisionFrom);
  record.writeDoubleBE(Number.POSITIVE_INFINITY, 24);
  // In memory it is there when this returns.
  for (const namespace of namespaces) void tier.write(`:generation:${namespace}`, record, call);
  return tier;
}
