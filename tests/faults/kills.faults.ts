import { awaitUntil } from "@tooling/redis-server";
import type { Redis } from "ioredis";
import { expect } from "vitest";
import { CacheProcess } from "./cache-process.ts";
import { testRows } from "./rows.ts";
import { IS_FULL, World } from "./world.ts";

/** As many as the matrix names take some minutes. */
const KILLS = IS_FULL ? 1_000 : 100;
const WITHIN_MS = 1_000 * KILLS;
/** What a process has under way when it is killed. */
const INVALIDATIONS = 40;
/** How many are killed at the same time, each in the middle of its own. */
const AT_ONCE = 4;

/** Hears which keys are announced. */
class Ear {
  readonly announced: Set<string> = new Set();
  readonly #client: Redis;
  readonly #admin: Redis;
  readonly #awaited = new Map<string, () => void>();
  #last = 0;

  constructor(admin: Redis) {
    this.#admin = admin;
    this.#client = admin.duplicate();
    this.#client.on("message", (_, text: string) => this.#hear(JSON.parse(text)[4]));
  }

  async listen(): Promise<void> {
    await this.#client.subscribe("tiercache");
  }

  /** Comes back as soon as a key is announced. */
  heard(id: string): Promise<void> {
    return new Promise((resolve) => this.#awaited.set(id, resolve));
  }

  /** Comes back when all that was announced so far has been heard. */
  async caughtUp(): Promise<void> {
    const last = `last ${++this.#last}`;
    await this.#admin.publish("tiercache", JSON.stringify(["", "", "", "", last]));
    await awaitUntil("all messages", () => this.announced.has(last));
  }

  end(): void {
    this.#client.disconnect();
  }

  #hear(id: string): void {
    this.announced.add(id);
    this.#awaited.get(id)?.();
    this.#awaited.delete(id);
  }
}

/** What a process invalidates, and which of it has been announced when it is killed: none, or up to this one. */
interface Killing {
  readonly ids: readonly string[];
  readonly last: string | undefined;
}

/** Kills a process that invalidates keys, each time behind another one of them; the keys that are gone. */
async function removedByKilled({ admin, server }: World, ear: Ear, { ids, last }: Killing): Promise<readonly string[]> {
  await admin.mset(ids.flatMap((id) => [`user:${id}`, "something"]));
  await using killed = await CacheProcess.start({ url: server.url, database: server.url });
  const reached = last === undefined ? undefined : ear.heard(last);
  killed.ask("invalidateAll", "", { ids }).catch(() => {});
  await reached;
  await killed.kill();
  const left = await admin.mget(ids.map((id) => `user:${id}`));
  return ids.filter((_, index) => left[index] === null);
}

testRows([
  {
    id: "F32",
    holds: "of a process that is killed while it invalidates, a key is removed and that announced, or neither",
    withinMs: WITHIN_MS,
    async run() {
      await using world = await World.start();
      const ear = new Ear(world.admin);
      await ear.listen();
      let [next, inTheMiddle] = [0, 0];
      const oneAfterTheOther = async (): Promise<void> => {
        for (let round = next++; round < KILLS; round = next++) {
          const ids = Array.from({ length: INVALIDATIONS }, (_, index) => `${round}-${index}`);
          const removed = await removedByKilled(world, ear, { ids, last: ids[(round % INVALIDATIONS) - 1] });
          await ear.caughtUp();
          expect(ids.filter((id) => ear.announced.has(id))).toEqual(removed);
          if (removed.length > 0 && removed.length < INVALIDATIONS) inTheMiddle++;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, oneAfterTheOther));
      ear.end();
      expect(inTheMiddle).toBeGreaterThan(KILLS / 2);
    },
  },
]);
