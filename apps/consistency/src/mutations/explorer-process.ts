/*
 * Makes the calls of two processes on one server happen in many orders, also over connections that overtake one another and with
 * calls that fail: for defences against what is so rare between real processes that hours would have to be waited for it. Exits
 * with 1 if a read sees what it must not.
 */
import { setImmediate } from "node:timers/promises";
import { createCache, type LoadingNamespace } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import {
  exploreInterleavings,
  type Interleaving,
  InterleavingError,
  type ManualClock,
  memoryServer,
} from "@tiercache/testing";
import { assertMutated } from "./applied.ts";

/** Rows in a process, and how it says that one has been changed. */
interface Rows extends Pick<LoadingNamespace<[key: string], number>, "get"> {
  readonly tell: () => Promise<{ readonly status: string }>;
}

/** By its key, or by a tag. */
type Way = "key" | "tag";

interface World {
  readonly clock: ManualClock;
  readonly database: { version: number };
  readonly near: Rows;
  readonly far: Rows;
}

const SCHEDULES = 1_500;
/** Long enough for every wait: for a lease, and for what is tried again. */
const TURNS = 400;
const TURN_MS = 100;
const KEY = "7";
const TAG = "version";

function world(run: Interleaving, way: Way): World {
  const { clock } = run;
  const server = memoryServer({ clock });
  const database = { version: 1 };
  const rows = (name: string): Rows => {
    const process = run.process(name);
    const tiers = [lru(), process.tier(server.tier(), { anyOrder: true })] as const;
    const cache = createCache({ tiers, clock, horizonMs: Number.POSITIVE_INFINITY });
    const load = (_key: string): Promise<number> => process.ask("select", () => database.version);
    const declared = cache.namespace("row", { load, ...(way === "tag" && { tags: () => [TAG] }) });
    return {
      get: (key) => declared.get(key),
      tell: () => (way === "tag" ? cache.invalidateTags([TAG]) : declared.invalidate(KEY)),
    };
  };
  return { clock, database, near: rows("near"), far: rows("far") };
}

async function update({ database }: World, rows: Rows): Promise<string> {
  database.version++;
  return (await rows.tell()).status;
}

/** Reads when nothing is under way any longer, but perhaps a lease whose holder has failed. */
async function read({ clock }: World, rows: Rows): Promise<number> {
  const state = { isAnswered: false };
  const answer = rows.get(KEY).finally(() => {
    state.isAnswered = true;
  });
  for (let turn = 0; turn < TURNS && !state.isAnswered; turn++) {
    await setImmediate();
    clock.advance(TURN_MS);
  }
  if (!state.isAnswered) throw new Error("A read does not end.");
  return answer;
}

async function explore(way: Way, maxFaults: number): Promise<void> {
  const { interleavings } = await exploreInterleavings({
    async setUp(run) {
      const made = world(run, way);
      // Where tokens are not what is looked at, they are known from here on: they would be many more orders of no interest.
      if (way === "key") for (const rows of [made.near, made.far]) await rows.get("known");
      return made;
    },
    operations: {
      before: ({ near }) => near.get(KEY),
      other: ({ far }) => far.get(KEY),
      update: (made) => update(made, made.near),
      after: ({ near }) => near.get(KEY),
    },
    async check(made, { update: updated, after }) {
      const { near, far } = made;
      if (after.beganAt > updated.endedAt && after.value !== 2) throw new Error("A process read what it had changed.");
      if ((await read(made, near)) !== 2) throw new Error("The process that changed a key holds an older value.");
      // What is queued another process does not know of.
      if (updated.value === "done" && (await read(made, far)) !== 2)
        throw new Error("Another process holds an older value.");
    },
    maxFaults,
    faults: ["call"],
    maxSchedules: SCHEDULES,
    seed: 7,
  });
  process.stdout.write(`${interleavings} orders by ${way}, ${maxFaults} failures: nothing older was read\n`);
}

assertMutated();
try {
  for (const way of ["key", "tag"] as const) for (const maxFaults of [0, 1]) await explore(way, maxFaults);
} catch (error) {
  if (!(error instanceof InterleavingError)) throw error;
  process.stdout.write(`${error.message}\n`);
  process.exitCode = 1;
}
