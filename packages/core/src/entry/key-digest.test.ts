import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { shortId } from "./key-digest.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heldBytes(): number {
  collectGarbage();
  return getHeapStatistics().used_heap_size;
}

test("a short form that is held does not keep the long id in memory", () => {
  const held: string[] = [];
  const before = heldBytes();
  for (let id = 0; id < 1_000; id++) held.push(shortId(`${id} `.repeat(12_000)));
  expect(heldBytes() - before).toBeLessThan(10_000_000);
  expect(new Set(held).size).toBe(1_000);
});
