import { createHook } from "node:async_hooks";
import { type Profiler, Session } from "node:inspector/promises";
import { getHeapStatistics } from "node:v8";
import type { Contender } from "../comparison.ts";
import { type CallFrame, placeOf } from "./place.ts";

/** What the work of one contender goes into. Everything is of doing the thing once. */
export interface Profile {
  readonly name: string;
  /** Time in which this process was at work, in ns. */
  readonly workNs: number;
  readonly promises: number;
  /** Memory that was allocated; `NaN` where the engine does not tell. */
  readonly bytes: number;
  /** ns by {@link placeOf | place}, most first. */
  readonly places: ReadonlyMap<string, number>;
  /** ns by function, most first. */
  readonly functions: ReadonlyMap<string, number>;
}

/** How often the profiler looks, in µs. */
const INTERVAL_US = 50;

/** Profiles contenders in turns, each of which does a thing so many times a round. */
export async function profilesOf(
  contenders: readonly Contender[],
  { times, rounds }: { readonly times: number; readonly rounds: number },
): Promise<readonly Profile[]> {
  const samples = contenders.map((contender) => new Samples(contender, times));
  for (const each of samples) await each.warmUp();
  for (let round = 0; round < rounds; round++) for (const each of samples) await each.round();
  const profiles: Profile[] = [];
  for (const each of samples) profiles.push(await each.profile());
  return profiles;
}

/** What was seen of one contender. */
class Samples {
  readonly #contender: Contender;
  readonly #times: number;
  readonly #places = new Map<string, number>();
  readonly #functions = new Map<string, number>();
  #rounds = 0;
  #workNs = 0;

  constructor(contender: Contender, times: number) {
    this.#contender = contender;
    this.#times = times;
  }

  async warmUp(): Promise<void> {
    for (let round = 0; round < 3; round++) await this.#run();
  }

  async round(): Promise<void> {
    const { nodes, samples = [], timeDeltas = [] } = await takenOf(() => this.#run());
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
    for (const [index, id] of samples.entries()) this.#add((timeDeltas[index] ?? 0) * 1_000, placed(id, byId, parents));
    this.#rounds++;
  }

  async profile(): Promise<Profile> {
    const all = this.#rounds * this.#times;
    return {
      name: this.#contender.name,
      workNs: this.#workNs / all,
      promises: (await promisesOf(() => this.#run())) / this.#times,
      bytes: (await bytesOf(() => this.#run())) / this.#times,
      places: mostFirst(this.#places, all),
      functions: mostFirst(this.#functions, all),
    };
  }

  async #run(): Promise<void> {
    await this.#contender.run(this.#times);
  }

  #add(ns: number, seen: Placed | undefined): void {
    if (seen === undefined) return;
    this.#workNs += ns;
    const { place, frame } = seen;
    add(this.#places, place, ns);
    add(this.#functions, `${place}: ${frame.functionName || "(anonymous)"}`, ns);
  }
}

interface Placed {
  readonly place: string;
  readonly frame: CallFrame;
}

/** Where a sample belongs: what is built into the engine, to whoever has called it. Nothing for what is no work of theirs. */
function placed(
  id: number,
  nodes: ReadonlyMap<number, Profiler.ProfileNode>,
  parents: ReadonlyMap<number, number>,
): Placed | undefined {
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
    const frame: CallFrame | undefined = nodes.get(at)?.callFrame;
    if (frame === undefined || frame.functionName === "(idle)" || frame.url.includes("inspector")) return undefined;
    const place = placeOf(frame);
    if (place !== undefined) return { place, frame };
  }
  return undefined;
}

async function takenOf(deed: () => Promise<void>): Promise<Profiler.Profile> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: INTERVAL_US });
    await session.post("Profiler.start");
    await deed();
    return (await session.post("Profiler.stop")).profile;
  } finally {
    session.disconnect();
  }
}

async function promisesOf(deed: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === "PROMISE") count++;
    },
  }).enable();
  await deed();
  hook.disable();
  return count;
}

async function bytesOf(deed: () => Promise<unknown>): Promise<number> {
  const before = allocated();
  await deed();
  return allocated() - before;
}

/** Told by newer versions of Node alone. */
function allocated(): number {
  return (getHeapStatistics() as { readonly total_allocated_bytes?: number }).total_allocated_bytes ?? Number.NaN;
}

function add(sums: Map<string, number>, name: string, more: number): void {
  sums.set(name, (sums.get(name) ?? 0) + more);
}

function mostFirst(sums: ReadonlyMap<string, number>, times: number): ReadonlyMap<string, number> {
  const each = [...sums].map(([name, sum]) => [name, sum / times] as const);
  return new Map(each.toSorted(([, one], [, other]) => other - one));
}
