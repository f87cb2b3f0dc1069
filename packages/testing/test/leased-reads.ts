import { type Fence, FRAME_IDENTITY } from "@tiercache/core";
import {
  type ChaosTier,
  type Interleaving,
  type MemoryServer,
  memoryServer,
  type ScriptedProcess,
} from "../src/index.ts";

const { stateAt, revisionFrom, revisionBytes, leased } = FRAME_IDENTITY;
const VALUE = 0x46;
const KEY = "user:7";
const call = { signal: new AbortController().signal };

/** How a value is put in the place of a placeholder. */
export type PutInPlace = (tier: ChaosTier, placeholder: Uint8Array, frame: Uint8Array) => Promise<unknown>;

/** With a fence: only in the place of that very placeholder. */
export const committed: PutInPlace = async (tier, placeholder, frame) => {
  const expected = placeholder.slice(revisionFrom, revisionFrom + revisionBytes);
  return fenceOf(tier).commit(KEY, { ...call, frame, expected, ttlMs: 60_000 });
};

/** Without: in the place of whatever is there. */
export const written: PutInPlace = (tier, _, frame) => tier.write(KEY, frame, { ...call, ttlMs: 60_000 });

/**
 * The least there is to a cache: a read takes a lease, asks a database for the version and puts it there; an update removes
 * it. To see what fences are worth before a cache is built on them.
 */
export class LeasedReads {
  readonly #process: ScriptedProcess;
  readonly #tier: ChaosTier;
  readonly #world: LeasedWorld;

  constructor(process: ScriptedProcess, world: LeasedWorld) {
    this.#process = process;
    this.#tier = process.tier(world.server.tier());
    this.#world = world;
  }

  async get(): Promise<number> {
    const [held] = await this.#tier.readMany([KEY], call);
    if (held?.[stateAt] === VALUE) return held.at(-1) ?? 0;
    const placeholder = this.#world.frame(leased, 0);
    const lease = { key: KEY, placeholder };
    const [won] = held === undefined ? await fenceOf(this.#tier).acquire([lease], { ...call, leaseMs: 1_000 }) : [];
    const version = await this.#process.ask("select", () => this.#world.version);
    if (won === true) await this.#world.put(this.#tier, placeholder, this.#world.frame(VALUE, version));
    return version;
  }

  async update(): Promise<void> {
    this.#world.version = 2;
    await this.#tier.remove([KEY], call);
  }
}

/** A database with one version, a server, and processes that read one through the other. */
export class LeasedWorld {
  readonly server: MemoryServer;
  readonly put: PutInPlace;
  version = 1;
  readonly #run: Interleaving;
  #revisions = 0;

  constructor(run: Interleaving, put: PutInPlace) {
    this.#run = run;
    this.server = memoryServer({ clock: run.clock });
    this.put = put;
    for (const name of ["A", "B", "C"]) this.process(name);
  }

  readonly #processes = new Map<string, LeasedReads>();

  process(name: string): LeasedReads {
    const known = this.#processes.get(name) ?? new LeasedReads(this.#run.process(name), this);
    this.#processes.set(name, known);
    return known;
  }

  /** A frame with a revision of its own. */
  frame(state: number, version: number): Uint8Array {
    const frame = new Uint8Array(32);
    this.#revisions++;
    frame[stateAt] = state;
    frame[revisionFrom] = this.#revisions;
    frame[frame.length - 1] = version;
    return frame;
  }

  /** The version that lies on the server, if any does. */
  async held(): Promise<number | undefined> {
    const [frame] = await this.server.tier().readMany([KEY]);
    return frame?.[stateAt] === VALUE ? frame.at(-1) : undefined;
  }
}

function fenceOf({ fence }: ChaosTier): Fence {
  if (fence === undefined) throw new Error("no fence");
  return fence;
}
