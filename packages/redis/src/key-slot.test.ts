import { expect, test } from "vitest";
import { keySlot } from "./key-slot.ts";

// 123456789 and the hash tags are the cluster specification's own examples.
test.each([
  ["123456789", 12_739],
  ["foo", 12_182],
  ["bar", 5_061],
  ["", 0],
  ["{user1000}.following", keySlot("user1000")],
  ["{user1000}.followers", keySlot("user1000")],
  ["foo{{bar}}zap", keySlot("{bar")],
  ["foo{bar}{zap}", keySlot("bar")],
])("%j lies in slot %i", (key, slot) => {
  expect(keySlot(key)).toBe(slot);
});

test("an empty or unclosed pair of braces means nothing", () => {
  expect(keySlot("foo{}{bar}")).not.toBe(keySlot("bar"));
  expect(keySlot("foo{bar")).not.toBe(keySlot("bar"));
});
