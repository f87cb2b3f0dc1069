import { createCache } from "@tiercache/core";
import { expect, test } from "vitest";
import { Fleet } from "./fleet.ts";

const call = { signal: new AbortController().signal, ttlMs: 60_000 };

test.each([
  ["something longer than a header", "x".repeat(200)],
  ["something shorter than a header", "short"],
])("a sliding life is not prolonged over %s that others put under its key", async (_what, text) => {
  const fleet = new Fleet();
  const sessions = fleet.process().namespace<string>("session", { ttlMs: 1_000, sliding: true });
  await sessions.set("s", "user 7");
  await fleet.shared.write("session:s", Buffer.from(text), call);
  fleet.clock.advance(500);
  await sessions.get("s");
  await fleet.settled();
  expect(fleet.observer.count("renewed")).toBe(0);
  const [held] = await fleet.shared.readMany(["session:s"], call);
  expect(Buffer.from(held ?? []).toString()).toBe(text);
});

test("a sliding life is not prolonged over what a later version of its namespace wrote", async () => {
  const fleet = new Fleet();
  const sessions = fleet.process().namespace<string>("session", { ttlMs: 1_000, sliding: true });
  await sessions.set("s", "old");
  const later = createCache({ tiers: [fleet.shared], clock: fleet.clock });
  const laterSessions = later.namespace<string>("session", { ttlMs: 1_000, schemaVersion: 2 });
  await laterSessions.set("s", "new");
  fleet.clock.advance(500);
  await sessions.get("s");
  await fleet.settled();
  expect(fleet.observer.count("renewed")).toBe(0);
  expect(await laterSessions.get("s")).toBe("new");
});
