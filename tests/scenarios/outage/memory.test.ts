import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { afterEach, beforeEach, expect, test } from "vitest";

/** What a process holds at one moment. */
interface Held {
  readonly heldBytes: number;
  /** Keys that Redis is still to be told to forget. */
  readonly pending: number;
  /** Commands that its client has not been answered. */
  readonly queued: number;
}

/** Of 15,000 keys of a hundred bytes that are read, removed and tagged meanwhile, a third of what their names alone would take: code that is compiled meanwhile. */
const NOTHING_BYTES = 500_000;

let server: RedisServer;
let child: ChildProcess;

beforeEach(async () => {
  server = await startRedis();
  const script = join(import.meta.dirname, "outage-memory.ts");
  const execArgv = ["--conditions=@tiercache/source", "--no-warnings", "--expose-gc"];
  child = fork(script, [server.url], { execArgv });
});

afterEach(async () => {
  child.kill("SIGKILL");
  await server.stop();
});

/** Asks the process for something, and for what it holds afterwards. */
async function after(what: "work" | "heal" | "removeOne"): Promise<Held> {
  child.send(what);
  const ended = once(child, "exit").then(() => Promise.reject(new Error("The process has ended.")));
  ended.catch(() => {});
  const [held] = (await Promise.race([once(child, "message"), ended])) as [Held];
  return held;
}

const away = {
  killed: { begin: () => server.kill(), end: () => server.restart() },
  hung: { begin: async () => server.hang(), end: async () => server.resume() },
};

test.each(Object.entries(away))(
  "what is kept while Redis is %s is let go of when it is back: flights, removals, what they may have to be repeated for, tags and commands",
  async (_name, { begin, end }) => {
    const outage = async (): Promise<readonly [meanwhile: Held, afterwards: Held]> => {
      await begin();
      const meanwhile = await after("work");
      await end();
      return [meanwhile, await after("heal")];
    };
    // The first ones are the first to run much of the code, which grows to its size, and once more when it has run often.
    await outage();
    await outage();
    // What is removed later lets go of what was removed before; nothing does so for the second outage but the time that passes.
    const floor = await after("removeOne");
    const [meanwhile, afterwards] = await outage();
    expect(meanwhile.pending).toBeGreaterThan(1_000);
    expect(afterwards).toMatchObject({ pending: 0, queued: 0 });
    expect(afterwards.heldBytes - floor.heldBytes).toBeLessThan(NOTHING_BYTES);
    expect(meanwhile.heldBytes - afterwards.heldBytes).toBeGreaterThan(3 * NOTHING_BYTES);
  },
  120_000,
);
