import { awaitUntil, faketimeLibrary, ServerDate } from "@tooling/redis-server";
import { expect, vi } from "vitest";
import { testRows } from "./rows.ts";
import { FRESH, type Reader, World } from "./world.ts";

const HOUR = 3_600;

/** Why the date of a server cannot be set here. */
const noFaketime: string | undefined = await faketimeLibrary().then(
  () => undefined,
  (error: Error) => error.message,
);

/** Sets the server's date, and comes back when it tells that. */
async function jumped(world: World, date: ServerDate, offset: number): Promise<void> {
  await date.set(offset);
  await awaitUntil("the server's date", async () => {
    const [seconds] = await world.admin.time();
    return Math.abs(Number(seconds) - Date.now() / 1_000 - offset) < HOUR / 2;
  });
}

/** Comes back when what one process loads is what another one finds on the server. */
async function shared(world: World, one: Reader, other: Reader): Promise<void> {
  await awaitUntil("a shared value", async () => {
    const id = `shared ${Math.random()}`;
    await one.users.get(id);
    await awaitUntil("a kept value", async () => (await world.stateOf(id)) === FRESH);
    return (await other.read(id)).source === "redis";
  });
}

testRows([
  {
    id: "F30",
    holds: "a date of the process that jumps changes nothing",
    async run() {
      await using world = await World.start();
      const [reader, other] = [world.reader({ ttlMs: 60_000 }), world.patient()];
      await reader.certified("7");
      await world.kept("7");
      try {
        for (const hours of [-24, 24]) {
          vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + hours * 3_600_000 });
          expect(reader.isCertified("7")).toBe(true);
          reader.loads = 0;
          expect(await world.readsRight(world.patient(), "7")).toMatchObject({ source: "redis" });
          expect(await world.change("7", other)).toBe("done");
          await awaitUntil("the new version", async () => (await reader.read("7")).value === world.database.get("7"));
          await reader.certified("7");
          vi.useRealTimers();
        }
      } finally {
        vi.useRealTimers();
      }
    },
  },
  {
    id: "F30",
    holds:
      "when the server's date jumps by an hour nothing old is read, and no token of a lock is lower than one before",
    skipped: noFaketime,
    async run() {
      await using date = await ServerDate.open();
      await using world = await World.start({ environment: date.environment });
      const [reader, other] = [world.patient(), world.patient()];
      await reader.certified("7");
      await world.kept("7");
      const tokens: number[] = [];
      for (const offset of [HOUR, 0]) {
        await jumped(world, date, offset);
        // Neither in those that have the date of before nor in one that learns the new one.
        const later = world.patient();
        for (const each of [reader, other, later]) {
          await world.readsRight(each, "7");
          expect(await world.change("7", each)).toBe("done");
          await each.cache.withLock(
            "lock",
            { leaseMs: 10_000, waitMs: 30_000 },
            ({ token }) => void tokens.push(token),
          );
          for (const any of [reader, other, later]) {
            await world.readsRightUntil(any, "7", ({ value }) => value === world.database.get("7"));
          }
        }
        // Within ten seconds they have learned the new one, too.
        await shared(world, reader, later);
        await shared(world, later, other);
      }
      expect(tokens.toSorted((one, another) => one - another)).toEqual(tokens);
      expect(new Set(tokens).size).toBe(tokens.length);
    },
  },
]);
