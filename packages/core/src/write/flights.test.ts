import { expect, test } from "vitest";
import { entryOver } from "../entry/freshness.ts";
import { defaultRules } from "../entry/rules.ts";
import { Flights } from "./flights.ts";

test("a flight is joined by its id until it ends", async () => {
  const flights = new Flights<string>();
  const flight = flights.begin("a");
  expect(flights.running("a")).toBe(flight);
  expect(flights.running("b")).toBeUndefined();
  flights.succeed(flight, { value: "value", origin: undefined });
  expect(flights.running("a")).toBeUndefined();
  await expect(flight.promise).resolves.toBe("value");
});

test("a superseded flight is joined no more, and its successor survives its end", async () => {
  const flights = new Flights<string>();
  const first = flights.begin("a");
  flights.supersede("a");
  expect(first.superseded).toBe(true);
  const second = flights.begin("a");
  expect(second.superseded).toBe(false);
  flights.succeed(first, { value: "old", origin: undefined });
  expect(flights.running("a")).toBe(second);
  await expect(first.promise).resolves.toBe("old");
});

test("a flight that fails with nobody waiting is no unhandled rejection", async () => {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listener);
  const flights = new Flights<string>();
  flights.fail(flights.begin("a"), new Error("nobody hears this"));
  await new Promise(setImmediate);
  process.off("unhandledRejection", listener);
  expect(unhandled).toEqual([]);
  expect(flights.size).toBe(0);
});

test("a flight that has answered keeps its answer and its origin, whatever it brings later", async () => {
  const flights = new Flights<string>();
  const held = {
    entry: entryOver("old", { createdAt: 1, freshUntil: 2, expiresAt: 3, loadMs: 0, etag: undefined }, defaultRules),
    tier: "lru",
  };
  const flight = flights.beginBehind("a", held, "revalidating");
  flights.succeed(flight, { value: "new", origin: { source: "loader", createdAt: 9, stale: undefined } });
  await expect(flight.promise).resolves.toBe("old");
  expect(flight.origin).toEqual({ source: "lru", createdAt: 1, stale: "revalidating" });
});
