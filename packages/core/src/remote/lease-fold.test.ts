import { expect, test } from "vitest";
import type { Lease } from "../contracts/fence.ts";
import { LeaseFold } from "./lease-fold.ts";

function lease(key: string): Lease {
  return { key, placeholder: new Uint8Array(64) };
}

/** Takes the leases whose keys begin with `free`, and notes its calls. */
function folded(maxLeases = 100): { readonly fold: LeaseFold; readonly calls: [keys: string[], leaseMs: number][] } {
  const calls: [keys: string[], leaseMs: number][] = [];
  const fold = new LeaseFold(async (leases, leaseMs) => {
    calls.push([leases.map(({ key }) => key), leaseMs]);
    return leases.some(({ key }) => key === "away") ? undefined : leases.map(({ key }) => key.startsWith("free"));
  }, maxLeases);
  return { fold, calls };
}

test("the leases of one tick are taken by one call, and each who asked is told of his own", async () => {
  const { fold, calls } = folded();
  const asked = [fold.take([lease("free-1")], 5), fold.take([lease("held"), lease("free-2")], 5)];
  // Also those that are asked for by what a promise of the tick leads to.
  asked.push(Promise.resolve().then(() => fold.take([lease("free-3")], 5)));
  expect(await Promise.all(asked)).toEqual([[true], [false, true], [true]]);
  expect(calls).toEqual([[["free-1", "held", "free-2", "free-3"], 5]]);
  expect(await fold.take([lease("free-4")], 5)).toEqual([true]);
  expect(calls).toHaveLength(2);
});

test("leases that last differently long, and more than fit, are taken by calls of their own", async () => {
  const { fold, calls } = folded(2);
  const asked = [
    fold.take([lease("free-1")], 5),
    fold.take([lease("free-2")], 5),
    fold.take([lease("free-3")], 5),
    fold.take([lease("free-4")], 9),
    fold.take([lease("free-5"), lease("free-6"), lease("held")], 9),
  ];
  expect(await Promise.all(asked)).toEqual([[true], [true], [true], [true], [true, true, false]]);
  expect(calls).toEqual([
    [["free-1", "free-2"], 5],
    [["free-3"], 5],
    [["free-4"], 9],
    [["free-5", "free-6", "held"], 9],
  ]);
});

test("where the tier could not be asked, none of those who asked together has a lease", async () => {
  const { fold } = folded();
  const asked = [fold.take([lease("free")], 5), fold.take([lease("away")], 5)];
  expect(await Promise.all(asked)).toEqual([undefined, undefined]);
});
