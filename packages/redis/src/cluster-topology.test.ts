import { expect, test } from "vitest";
import { addressText, type ClusterTopology, topologyIn } from "./cluster-topology.ts";

const asked = { host: "asked", port: 1 };

function topology(
  ...ranges: (readonly [from: number, to: number, host: string | null, port: number])[]
): ClusterTopology {
  const reply = ranges.map(([from, to, host, port]) => [from, to, [host, port, "id"], ["replica", 9, "id"]]);
  const read = topologyIn(reply, asked, (address) => address);
  if (read === undefined) throw new Error("It is none.");
  return read;
}

test("each slot has its owner, and the owner of the first comes first", () => {
  const read = topology([8_000, 16_383, "b", 2], [0, 7_999, "a", 1]);
  expect([0, 7_999, 8_000, 16_383].map((slot) => read.ownerOf(slot))).toEqual(["a:1", "a:1", "b:2", "b:2"]);
  expect([...read.masters.keys()]).toEqual(["a:1", "b:2"]);
});

test.each([null, "", "?"])("a host that the cluster does not know (%j) is the one that was asked", (host) => {
  expect(topology([0, 16_383, host, 7]).ownerOf(0)).toBe("asked:7");
});

test("addresses are as they are reached from here", () => {
  const reply = [[0, 16_383, ["10.0.0.1", 6_379, "id"]]];
  const read = topologyIn(reply, asked, ({ port }) => ({ host: "tunnel", port: port + 1 }));
  expect([...(read?.masters.values() ?? [])].map(addressText)).toEqual(["tunnel:6380"]);
});

test.each([undefined, null, "OK", [], [1], [[0, 1]], [[0, 1, "a"]]])("%j is no topology", (reply) => {
  expect(topologyIn(reply, asked, (address) => address)).toBeUndefined();
});

test("a slot that has gone to another master from one that is none any longer has failed over", () => {
  const before = topology([0, 7_999, "a", 1], [8_000, 16_383, "b", 2]);
  expect(topology([0, 7_999, "c", 3], [8_000, 16_383, "b", 2]).hasFailedOver(before)).toBe(true);
  expect(before.hasFailedOver(before)).toBe(false);
});

test("a slot that was moved from a master that stays one has not", () => {
  const before = topology([0, 7_999, "a", 1], [8_000, 16_383, "b", 2]);
  expect(topology([0, 5_000, "a", 1], [5_001, 16_383, "b", 2]).hasFailedOver(before)).toBe(false);
  expect(topology([0, 5_000, "a", 1], [5_001, 7_999, "c", 3], [8_000, 16_383, "b", 2]).hasFailedOver(before)).toBe(
    false,
  );
});

test("who owned a slot that nobody owns meanwhile is not forgotten", () => {
  const before = topology([0, 7_999, "a", 1], [8_000, 16_383, "b", 2]);
  const meanwhile = topology([8_000, 16_383, "b", 2]).rememberingOf(before);
  expect(meanwhile.masters.has("a:1")).toBe(false);
  expect(topology([0, 7_999, "c", 3], [8_000, 16_383, "b", 2]).hasFailedOver(meanwhile)).toBe(true);
});
