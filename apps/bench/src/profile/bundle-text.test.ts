import { expect, test } from "vitest";
import { bundleOf, programOf } from "../bundle.ts";
import { bundleText } from "./bundle-text.ts";

test("the folders of a bundle add up to it, the largest first", async () => {
  const rows = (await bundleText("@tiercache/core")).split("\n").slice(2, -1);
  const sizes = rows.map((row) => Number(/(\d+\.\d)(?:\*\*)? \|$/.exec(row)?.[1]));
  const all = sizes.pop() ?? 0;
  expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
  expect(Math.abs(sizes.reduce((sum, each) => sum + each, 0) - all)).toBeLessThan(sizes.length * 0.06);
  const { length } = await bundleOf(programOf(["@tiercache/core"]));
  expect(all / (length / 1_024)).toBeGreaterThan(0.95);
  expect(rows[0]).toMatch(/^\| (?:read|write|entry|remote) \|/);
});
