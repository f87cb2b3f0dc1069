import { ExhaustiveSearch } from "./exhaustive-search.ts";
import { Interleaving } from "./interleaving.ts";
import { InterleavingError } from "./interleaving-error.ts";
import { checkInterleavings, type History, type InterleavingsOptions } from "./interleavings-options.ts";
import { RandomSchedules } from "./random-schedules.ts";
import { ReplayedSchedule } from "./replayed-schedule.ts";
import { ALL_FAULTS, type Scheduler } from "./scheduler.ts";

/** What was explored, all of which holds. */
export interface Exploration {
  /** The number of interleavings that were looked at. */
  readonly interleavings: number;
  /** Whether there are no others, up to the order of steps that do not touch one another. */
  readonly isExhaustive: boolean;
}

const DEFAULT_MAX_SCHEDULES = 10_000;
const DEFAULT_MAX_STEPS = 500;

/**
 * Makes some operations happen in every order in which the calls to tiers, their answers, the messages of buses and the
 * answers of a database can follow one another, and looks at the world after each. Each run is made from scratch; nothing
 * in it waits for real time.
 *
 * A run is a list of steps: an operation begins; a call is done by its tier; a call is answered; a message is heard; a
 * question to a database is done, or answered; time passes, when nothing else is under way. Between two steps everything runs
 * that waits for no other. The calls of one process to one tier, their answers and its messages keep their order, as on
 * a connection.
 *
 * @returns How much was explored. Resolves only if everything holds.
 * @throws {@link InterleavingError} for the first run in which `check` throws, an operation does not end, or nothing ends at all:
 * it tells the steps, to be given to `replay`. `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { createCache } from "@tiercache/core";
 * import { exploreInterleavings, memoryServer } from "@tiercache/testing";
 *
 * const explored = await exploreInterleavings({
 *   setUp(run) {
 *     const database = { version: 1 };
 *     const process = run.process("A");
 *     const tier = process.tier(memoryServer({ clock: run.clock }).tier());
 *     const users = createCache({ tiers: [tier], clock: run.clock }).namespace("user", {
 *       load: (_id: string) => process.ask("select", () => database.version),
 *     });
 *     return { database, users };
 *   },
 *   operations: {
 *     get: ({ users }) => users.get("7"),
 *     update: async ({ database, users }) => {
 *       database.version = 2;
 *       await users.invalidate("7");
 *     },
 *   },
 *   async check({ users }) {
 *     if ((await users.get("7")) !== 2) throw new Error("The old version has outlived the update.");
 *   },
 * });
 * console.log(explored.isExhaustive); // true
 * ```
 */
export async function exploreInterleavings<W, R>(options: InterleavingsOptions<W, R>): Promise<Exploration> {
  checkInterleavings(options);
  const { maxSchedules = DEFAULT_MAX_SCHEDULES } = options;
  const scheduler = schedulerOf(options);
  let interleavings = 0;
  for (let runs = 1; ; runs++) {
    if (await isSeen(options, scheduler)) interleavings++;
    const goesOn = scheduler.advance();
    if (goesOn && runs < maxSchedules) continue;
    return { interleavings, isExhaustive: scheduler instanceof ExhaustiveSearch && !goesOn };
  }
}

function schedulerOf(options: Pick<InterleavingsOptions<never, never>, "seed" | "replay" | "reduce">): Scheduler {
  const { seed, replay, reduce = true } = options;
  if (replay !== undefined) return new ReplayedSchedule(replay);
  return seed === undefined ? new ExhaustiveSearch(reduce) : new RandomSchedules(seed);
}

/** Makes one run. Resolves to whether it has come to its end; else what follows has been seen in another order. */
async function isSeen<W, R>(options: InterleavingsOptions<W, R>, scheduler: Scheduler): Promise<boolean> {
  const { maxFaults = 0, faults = ALL_FAULTS, maxSteps = DEFAULT_MAX_STEPS } = options;
  const run = new Interleaving({ maxFaults, faults });
  const world = await options.setUp(run);
  const names = Object.keys(options.operations) as (keyof R & string)[];
  await run.begin(names.map((name) => [name, () => options.operations[name](world)]));
  try {
    if (!(await isPlayed(run, scheduler, maxSteps))) return false;
    await run.end();
    await options.check(world, run.history as History<R>);
    return true;
  } catch (error) {
    throw new InterleavingError(error, run.taken);
  }
}

/** Takes steps until none is left. */
async function isPlayed(run: Interleaving, scheduler: Scheduler, maxSteps: number): Promise<boolean> {
  for (let possible = run.steps(); possible.length > 0; possible = run.steps()) {
    if (run.taken.length === maxSteps) throw new Error(`It goes on after ${maxSteps} steps.`);
    const step = scheduler.choose(possible);
    if (step === undefined) return false;
    await run.take(step);
  }
  if (run.unfinished.length === 0) return true;
  throw new Error(`Nothing can happen any longer, but not ended: ${run.unfinished.join(", ")}.`);
}
