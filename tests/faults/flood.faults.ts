import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { awaitUntil } from "@tooling/redis-server";
import { expect } from "vitest";
import { CacheProcess } from "./cache-process.ts";
import { testRows } from "./rows.ts";
import { HORIZON_MS, IS_FULL, READ_WITHIN_MS, type Reader, World } from "./world.ts";

const A_SECOND = 50_000;
const WARMED_UP_MS = 1_000;
const FLOODED_MS = 5_000;
/** What the matrix allows for a hundredth of the turns. */
const DELAYED_LESS_THAN_MS = 100;
/** How long a process may take to notice a change. */
const NOTICED_WITHIN_MS = HORIZON_MS + READ_WITHIN_MS;

/** What a flood has come to. */
interface Flooded {
  readonly published: number;
  readonly tookMs: number;
}

/** Begins to publish from a process of its own. */
async function begunFlood(url: string): Promise<ChildProcess> {
  const script = join(import.meta.dirname, "flood-process.ts");
  const flood = fork(script, [url, "tiercache", `${A_SECOND}`], { execArgv: ["--conditions=@tiercache/source"] });
  await once(flood, "message");
  return flood;
}

async function ended(flood: ChildProcess): Promise<Flooded> {
  const told = once(flood, "message");
  flood.send("stop");
  const [flooded] = (await told) as [Flooded];
  return flooded;
}

/** The processes of the row. */
interface Processes {
  readonly beside: Reader;
  readonly flooded: CacheProcess;
}

/** Changes a key for some time; each change is seen before the next one. */
async function allSeen(world: World, { beside, flooded }: Processes, forMs: number): Promise<void> {
  for (const endAt = performance.now() + forMs; performance.now() < endAt; ) {
    const version = await world.admin.incr("database:7");
    expect(await world.change("7", beside)).toBe("done");
    const seen = async (): Promise<boolean> => (await flooded.ask("get", "7")).value === version;
    await awaitUntil("the new version", seen, NOTICED_WITHIN_MS);
  }
}

testRows([
  {
    id: "F29",
    holds: "fifty thousand messages a second hold nobody up, and no change among them is missed",
    async run() {
      await using world = await World.start();
      const beside = world.patient();
      await using flooded = await CacheProcess.start({ url: world.server.url, database: world.server.url });
      await world.reaches(beside);
      await flooded.ask("get", "7");
      const flood = await begunFlood(world.server.url);
      try {
        // What has just been started is compiled first.
        await allSeen(world, { beside, flooded }, WARMED_UP_MS);
        await flooded.ask("watch", "");
        await allSeen(world, { beside, flooded }, FLOODED_MS);
        const { delays } = await flooded.ask("delays", "");
        const { published, tookMs } = await ended(flood);
        expect(published / (tookMs / 1_000)).toBeGreaterThan(0.9 * A_SECOND);
        // Where a core is waited for, turns are late for everybody: that is asserted on a machine that has nothing else to do.
        expect(delays?.ownMs).toBeLessThan(DELAYED_LESS_THAN_MS);
        if (IS_FULL) expect(delays?.lateMs).toBeLessThan(DELAYED_LESS_THAN_MS);
      } finally {
        flood.kill("SIGKILL");
      }
    },
  },
]);
