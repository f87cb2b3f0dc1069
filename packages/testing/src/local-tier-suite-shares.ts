import assert from "node:assert/strict";
import { isCacheError, type LocalShare, type LocalSpace, type LocalTier } from "@tiercache/core";
import type { ContractCase } from "./contract-case.ts";
import { entryOf } from "./entry-of.ts";

type Open = () => LocalTier;

/** What a tier of so many entries must hold about shares: it grants one in full, or refuses it as `INVALID_OPTION`. */
export function shareCases(open: Open, maxEntries: number): readonly ContractCase[] {
  return [
    {
      title: "a space is not pushed below the minShare it was granted, opened early or late",
      async run() {
        proveMinShare(open(), { maxEntries, late: false });
        proveMinShare(open(), { maxEntries, late: true });
      },
    },
    {
      title: "a space never exceeds the maxShare it was granted, and holds the newest entries",
      async run() {
        proveMaxShare(open(), maxEntries);
      },
    },
    {
      title: "shares that together are more than the tier are not all granted",
      async run() {
        const tier = open();
        const first = granted(tier, "first", { minShare: 0.6 });
        const second = granted(tier, "second", { minShare: 0.6 });
        assert.ok(first === undefined || second === undefined, "1.2 of a tier is granted");
      },
    },
  ];
}

function proveMinShare(tier: LocalTier, { maxEntries, late }: { maxEntries: number; late: boolean }): void {
  const early = late ? undefined : granted(tier, "kept", { minShare: 0.8 });
  const other = tier.open("other");
  fill(other, "first", maxEntries);
  const kept = early ?? granted(tier, "kept", { minShare: 0.8 });
  if (kept === undefined) return;
  const promised = Math.floor(maxEntries * 0.8);
  fill(kept, "kept", promised);
  fill(other, "second", maxEntries * 2);
  for (let id = 0; id < promised; id++) assert.equal(kept.get(`kept ${id}`)?.value, id);
  const held = kept.size + other.size;
  assert.ok(held <= maxEntries, `${held} entries in a tier of ${maxEntries}`);
}

function proveMaxShare(tier: LocalTier, maxEntries: number): void {
  const space = granted(tier, "capped", { maxShare: 0.5 });
  if (space === undefined) return;
  for (let id = 0; id < maxEntries; id++) {
    space.set(String(id), entryOf(id), 0);
    assert.ok(space.size * 2 <= maxEntries, `${space.size} entries in half a tier of ${maxEntries}`);
    assert.equal(space.get(String(id))?.value, id);
  }
}

/** The space, or `undefined` where the tier refuses the share. */
function granted(tier: LocalTier, namespace: string, share: LocalShare): LocalSpace<unknown> | undefined {
  try {
    return tier.open(namespace, share);
  } catch (error) {
    assert.ok(isCacheError(error) && error.code === "INVALID_OPTION", `a share is refused with ${String(error)}`);
    return undefined;
  }
}

function fill(space: LocalSpace<unknown>, prefix: string, count: number): void {
  for (let id = 0; id < count; id++) space.set(`${prefix} ${id}`, entryOf(id), 0);
}
