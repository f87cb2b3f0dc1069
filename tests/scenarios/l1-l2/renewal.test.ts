import type { RemoteTier } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { beforeEach, expect, test } from "vitest";
import { valuesIn } from "../values-in.ts";
import { Fleet } from "./fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

test("a remote tier that cannot prolong a frame where it lies is sent the whole of it at each renewal", async () => {
  const { shared } = fleet;
  const plain: RemoteTier = {
    name: "plain",
    now: () => shared.now(),
    readMany: (keys, call) => shared.readMany(keys, call),
    write: (key, frame, call) => shared.write(key, frame, call),
    remove: (keys, call) => shared.remove(keys, call),
    close: () => shared.close(),
  };
  const rules = { ttlMs: 1_000, sliding: true };
  const sessions = fleet.process({ tiers: [lru(), plain] }).namespace<string>("session", rules);
  await sessions.set("s", "user 7");
  for (let read = 0; read < 100; read++) {
    fleet.clock.advance(10);
    await sessions.get("s");
    await fleet.settled();
  }
  expect(fleet.observer.count("renewed")).toBe(10);
  expect(valuesIn(shared).count("write")).toBe(11);
  expect(await fleet.process().namespace<string>("session", rules).get("s")).toBe("user 7");
});
