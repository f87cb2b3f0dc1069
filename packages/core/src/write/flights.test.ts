import { expect, test } from "vitest";
import { Certificate } from "../bus/certificate.ts";
import { systemClock } from "../contracts/clock.ts";
import { entryOver } from "../entry/freshness.ts";
import { defaultRules } from "../entry/rules.ts";
import { Footing } from "../tags/footing.ts";
import { StampTable } from "../tags/stamp-table.ts";
import { Flights } from "./flights.ts";

const time = { clock: systemClock, certificate: new Certificate(Number.POSITIVE_INFINITY) };
const table = new StampTable({ maxTags: 10, knowsAll: true });
const footing = Footing.on(table, { generation: ":text", tags: ["a"] });

test("a flight is joined by its id until it ends", async () => {
  const flights = new Flights<string>(time);
  const flight = flights.begin("a", { footing });
  expect(flights.running("a")).toBe(flight);
  expect(flights.running("b")).toBeUndefined();
  flights.succeed(flight, { value: "value", origin: undefined });
  expect(flights.running("a")).toBeUndefined();
  await expect(flight.promise).resolves.toBe("value");
});

test("a superseded flight is joined no more, and its successor survives its end", async () => {
  const flights = new Flights<string>(time);
  const first = flights.begin("a", { footing });
  flights.supersede("a");
  expect(first.superseded).toBe(true);
  const second = flights.begin("a", { footing });
  expect(second.superseded).toBe(false);
  flights.succeed(first, { value: "old", origin: undefined });
  expect(flights.running("a")).toBe(second);
  await expect(first.promise).resolves.toBe("old");
});

test("a flight that fails with nobody waiting is no unhandled rejection", async () => {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listener);
  const flights = new Flights<string>(time);
  flights.fail(flights.begin("a", { footing }), new Error("nobody hears this"));
  await new Promise(setImmediate);
  process.off("unhandledRejection", listener);
  expect(unhandled).toEqual([]);
  expect(flights.size).toBe(0);
});

const held = {
  entry: entryOver("old", { createdAt: 1, freshUntil: 2, expiresAt: 3, loadMs: 0, etag: undefined }, defaultRules),
  tier: "lru",
  stale: "revalidating",
} as const;

test("a flight that has answered keeps its answer and its origin, whatever it brings later", async () => {
  const flights = new Flights<string>(time);
  const flight = flights.beginBehind("a", held, footing);
  flights.succeed(flight, { value: "new", origin: { source: "loader", createdAt: 9, stale: undefined } });
  await expect(flight.promise).resolves.toBe("old");
  expect(flight.origin).toEqual({ source: "lru", createdAt: 1, stale: "revalidating" });
});

test("what a flight brings at its end is for those whom its first answer is too old for", async () => {
  const flights = new Flights<string>(time);
  const flight = flights.beginBehind("a", held, footing);
  expect(flight.interim).toBe(held);
  expect(flight.endIsAwaited).toBe(false);
  const end = flight.end;
  expect(flight.endIsAwaited).toBe(true);
  const brought = { value: "new", origin: { source: "loader", createdAt: 9, stale: undefined } };
  flights.succeed(flight, brought);
  expect(await end).toBe(brought);
});

test("a failure at its end reaches them, and is no unhandled rejection where they have gone", async () => {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listener);
  const flights = new Flights<string>(time);
  const away = new Error("origin is away");
  for (const isAwaited of [true, false]) {
    const flight = flights.beginBehind("a", held, footing);
    const end = isAwaited ? expect(flight.end).rejects.toBe(away) : flight.end;
    flights.fail(flight, away);
    if (isAwaited) await end;
    await expect(flight.promise).resolves.toBe("old");
  }
  await new Promise(setImmediate);
  process.off("unhandledRejection", listener);
  expect(unhandled).toEqual([]);
});

test("a flight apart is joined by nobody, reached by writes, and gone when it has landed", () => {
  const flights = new Flights<string>(time);
  const [one, two, other] = [
    flights.beginApart("a", { footing }),
    flights.beginApart("a", { footing }),
    flights.beginApart("b", { footing }),
  ];
  const joined = flights.begin("a", { footing });
  expect(flights.running("a")).toBe(joined);
  expect(flights.underWay("a")).toEqual([joined, one, two]);
  flights.supersede("a");
  expect([one, two, other, joined].map(({ superseded }) => superseded)).toEqual([true, true, false, true]);
  expect(flights.lateSize).toBe(2);
  for (const flight of [one, two, other]) flights.landed(flight);
  expect([flights.lateSize, flights.underWay("a")]).toEqual([0, []]);
});

test("a flight whose last reader leaves when it has landed is not kept", () => {
  const flights = new Flights<string>(time);
  const flight = flights.begin("a", { footing });
  flights.landed(flight);
  flights.succeed(flight, { value: "v", origin: undefined });
  flights.becomeLate(flight);
  expect([flights.size, flights.lateSize]).toEqual([0, 0]);
});

test("a flight that may be joined no longer makes room for another one, and stays within reach of writes", () => {
  const flights = new Flights<string>(time, () => false);
  const first = flights.begin("a", { footing });
  expect(flights.running("a")).toBeUndefined();
  const second = flights.begin("a", { footing });
  expect(flights.underWay("a")).toEqual([second, first]);
  flights.supersede("a");
  expect([first.superseded, second.superseded]).toEqual([true, true]);
  for (const flight of [first, second]) {
    flights.succeed(flight, { value: "old", origin: undefined });
    flights.landed(flight);
  }
  expect([flights.size, flights.lateSize]).toEqual([0, 0]);
});
