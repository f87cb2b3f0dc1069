import { randomBytes } from "node:crypto";
import {
  type Cache,
  type CacheOptions,
  type Clock,
  compress,
  createCache,
  encrypt,
  type Isolation,
  json,
  type KeyOf,
  type Ms,
  minutes,
  type Namespace,
  type RemoteOperation,
  type Serializer,
  sign,
  type Tiers,
} from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { msgpack } from "@tiercache/msgpack";
import {
  type ChaosTier,
  chaos,
  type ManualClock,
  manualClock,
  memoryTier,
  type RecordingObserver,
  recordingObserver,
} from "@tiercache/testing";
import { expect, test } from "vitest";
import { valuesIn } from "./values-in.ts";

/**
 * What a scenario needs that not every world has:
 *
 * - `local`: a tier in the process itself, which answers `peek` and remembers that a load has failed.
 * - `remote`: at least one tier outside, which may fail and which other processes share.
 * - `identity`: a hit is the very value that is kept, as there is a local tier and nothing is cloned.
 */
export type Need = "local" | "remote" | "identity";

/** One way to put a cache together. */
export interface WorldKind {
  readonly title: string;
  readonly local: boolean;
  /** The names of the remote tiers, nearest first. */
  readonly remotes: readonly ("near" | "far")[];
  readonly serializer: Serializer;
  readonly isolate: Isolation;
}

const layouts: Readonly<Record<string, Pick<WorldKind, "local" | "remotes">>> = {
  L1: { local: true, remotes: [] },
  L2: { local: false, remotes: ["near"] },
  "L1+L2": { local: true, remotes: ["near"] },
  "L1+L2+L3": { local: true, remotes: ["near", "far"] },
};
const isolations: readonly Isolation[] = ["share", "freeze", "clone"];
const keys = [{ id: 1, secret: randomBytes(32) }];

/** Serializers, and who may change what comes out of them. What wraps another one only hands its values on. */
const formats: Readonly<Record<string, readonly [serializer: Serializer, isolations: readonly Isolation[]]>> = {
  json: [json, isolations],
  msgpack: [msgpack(), isolations],
  signed: [sign(json, { keys }), ["freeze"]],
  encrypted: [encrypt(compress(msgpack(), { fromBytes: 1 }), { keys }), ["freeze"]],
};

/** Far from the clock and from one another, so that an instant which was not shifted is noticed. */
const epochMs = { near: 1_700_000_000_000, far: 5_000 };

function* everyKind(): Iterable<WorldKind> {
  for (const [tiers, layout] of Object.entries(layouts)) {
    for (const [format, [serializer, isolatedBy]] of Object.entries(formats)) {
      // Where there is no remote tier nothing is serialized: one serializer stands for all.
      if (layout.remotes.length === 0 && serializer !== json) continue;
      for (const isolate of isolatedBy) {
        yield { title: [tiers, format, isolate].join(", "), ...layout, serializer, isolate };
      }
    }
  }
}

/** Every combination of tiers, serializer and isolation: behaviour that is promised at all is the same in each. */
export const worldKinds: readonly WorldKind[] = [...everyKind()];

const meets: Readonly<Record<Need, (kind: WorldKind) => boolean>> = {
  local: ({ local }) => local,
  remote: ({ remotes }) => remotes.length > 0,
  identity: ({ local, isolate }) => local && isolate !== "clone",
};

/** Makes the function that declares one test in every world that has what it needs. The title of each says which. */
export function inWorlds(...needs: readonly Need[]) {
  const kinds = worldKinds.filter((kind) => needs.every((need) => meets[need](kind)));
  return (sentence: string, play: (world: World) => void | Promise<void>): void => {
    for (const kind of kinds) test(`${sentence} (${kind.title})`, () => play(new World(kind)));
  };
}

/** Processes of one make with one clock, and the remote tiers they share, whose faults and timing a test decides. */
export class World {
  readonly clock: ManualClock = manualClock();
  readonly observer: RecordingObserver = recordingObserver();
  /** Nearest first. */
  readonly remotes: readonly ChaosTier[];
  /** Of all tiers, nearest first. */
  readonly tierNames: readonly string[];
  readonly #kind: WorldKind;
  #processes = 0;

  constructor(kind: WorldKind) {
    this.#kind = kind;
    this.remotes = kind.remotes.map((name) => chaos(memoryTier({ clock: this.clock, name, epochMs: epochMs[name] })));
    this.tierNames = kind.local ? ["lru", ...kind.remotes] : kind.remotes;
  }

  /** The cache of one more process; its local tier is its own. */
  process(options: Partial<CacheOptions> = {}): Cache {
    const { serializer, isolate, local } = this.#kind;
    const tiers = (local ? [lru(), ...this.remotes] : this.remotes) as Tiers;
    const { observer } = this;
    const clock = startedAt(this.clock, 1_000_003 * this.#processes++);
    return createCache({ tiers, clock, observer, serializer, isolate, ttlMs: minutes(1), ...options });
  }

  /** Lets everything run that waits for no reply and no timer. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  /** The number of calls to all remote tiers together that concern values. */
  calls(operation: RemoteOperation): number {
    return this.remotes.reduce((sum, tier) => sum + valuesIn(tier).count(operation), 0);
  }

  /** Asserts that every tier by itself holds this fresh value of a key, or `undefined` for none. Changes nothing. */
  async everyTierHolds<K extends readonly unknown[], V>(
    namespace: Namespace<K, V>,
    key: KeyOf<K>,
    value: V | undefined,
  ): Promise<void> {
    const alone = async (name: string): Promise<V | undefined> => {
      const skipReading = this.tierNames.filter((other) => other !== name);
      return (await namespace.read(key, { from: "cached", skipReading, skipWriting: this.tierNames })).value;
    };
    const held = await Promise.all(this.tierNames.map(alone));
    expect(held, `what ${this.tierNames.join(", ")} hold`).toEqual(this.tierNames.map(() => value));
  }
}

/** The clock of one process, whose zero is another one's some other time: only a remote tier's time is common to all. */
function startedAt(clock: Clock, zeroMs: Ms): Clock {
  return { now: () => clock.now() + zeroMs, after: (delayMs, task) => clock.after(delayMs, task) };
}
