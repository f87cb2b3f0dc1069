import type { Entry } from "@tiercache/core";
import { entryOf } from "@tiercache/testing";
import { expect, test } from "vitest";
import { Budget } from "../src/budget.ts";
import type { Grant } from "../src/grants.ts";
import { LruSpace } from "../src/lru-space.ts";
import { seeded } from "./seeded.ts";

interface Held {
  readonly id: string;
  readonly bytes: number;
  readonly entry: Entry<number>;
}

/** What one space should hold, the least recently used first. Slow and plain. */
class ModelSpace {
  readonly grant: Grant;
  held: Held[] = [];

  constructor(grant: Grant) {
    this.grant = grant;
  }

  get taken(): number {
    return this.held.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get aboveGrant(): number {
    return this.taken - this.grant.min;
  }

  without(id: string): void {
    this.held = this.held.filter((each) => each.id !== id);
  }

  use(id: string): Held | undefined {
    const found = this.held.find((each) => each.id === id);
    if (found === undefined) return undefined;
    this.without(id);
    this.held.push(found);
    return found;
  }
}

class Model {
  readonly spaces: readonly ModelSpace[];
  readonly limit: number;

  constructor(limit: number, grants: readonly Grant[]) {
    this.limit = limit;
    this.spaces = grants.map((grant) => new ModelSpace(grant));
  }

  /** @param swept - What was found to have expired before room was made. */
  set(space: ModelSpace, held: Held, swept: ReadonlySet<Entry<number>>): void {
    space.without(held.id);
    if (held.bytes < 1 || held.bytes > space.grant.max || swept.has(held.entry)) return;
    for (const each of this.spaces) each.held = each.held.filter(({ entry }) => !swept.has(entry));
    space.held.push(held);
    while (space.taken > space.grant.max) space.held.shift();
    while (this.spaces.reduce((sum, { taken }) => sum + taken, 0) > this.limit) this.#giver(space).held.shift();
  }

  #giver(writer: ModelSpace): ModelSpace {
    const byHolding = this.spaces.toSorted((a, b) => b.aboveGrant - a.aboveGrant);
    const [first, next] = byHolding as [ModelSpace, ModelSpace];
    if (first !== writer || writer.held.length > 1) return first;
    const granted = this.spaces.reduce((sum, { grant }) => sum + grant.min, 0);
    return next.aboveGrant > (this.limit - granted) / this.spaces.length ? next : writer;
  }
}

type Below = (limit: number) => number;

/** Grants within the limit; now and then all of it is promised, nothing is, or one space is held to a single byte. */
function grantsOf(limit: number, below: Below): readonly Grant[] {
  const count = 1 + below(5);
  let left = below(4) === 0 ? 0 : limit;
  return Array.from({ length: count }, (_, index) => {
    const min = index === count - 1 && below(2) === 0 ? left : below(left + 1);
    left -= min;
    const least = Math.max(1, min);
    return { min, max: below(2) === 0 ? limit : least + below(limit - least + 1) };
  });
}

/** An entry that tells when somebody looks at its end. */
function watched(bytes: number, expiresAt: number, looked: (entry: Entry<number>) => void): Entry<number> {
  const entry = entryOf(bytes);
  return Object.defineProperty(entry, "expiresAt", {
    get() {
      looked(entry);
      return expiresAt;
    },
  });
}

const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

test.each(seeds)("any sequence of operations holds what the model holds (seed %d)", (seed) => {
  const random = seeded(seed);
  const below: Below = (limit) => Math.floor(random() * limit);
  const limit = 20 + below(200);
  const model = new Model(limit, grantsOf(limit, below));
  const budget = new Budget(limit, "bytes");
  const spaces = model.spaces.map(({ grant }) => new LruSpace<number>(budget, ({ value }) => value as number, grant));
  const looked = new Set<Entry<number>>();
  for (let now = 0; now < 2_000; now++) {
    const index = below(spaces.length);
    const [space, modelSpace] = [spaces[index] as LruSpace<number>, model.spaces[index] as ModelSpace];
    const id = `id ${below(40)}`;
    const choice = random();
    if (choice < 0.6) {
      // Now and then nothing, or too much; some entries expire soon, some never, and some have expired already.
      const bytes = below(20) === 0 ? below(limit * 2) : below(limit / 4);
      const expiresAt = below(2) === 0 ? now - 5 + below(200) : Number.POSITIVE_INFINITY;
      const entry = watched(bytes, expiresAt, (each) => looked.add(each));
      const before = model.spaces.map(({ held }) => held);
      looked.clear();
      space.set(id, entry, now);
      const swept = new Set([...looked].filter((each) => each.expiresAt <= now));
      looked.delete(entry);
      expect(looked.size).toBeLessThanOrEqual(3);
      expect(before.flatMap((held) => held.map((each) => each.entry))).toEqual(expect.arrayContaining([...looked]));
      model.set(modelSpace, { id, bytes, entry }, swept);
      for (const [other, { grant, held }] of model.spaces.entries()) {
        // Between what it held before and what it holds now lies nothing but what had expired.
        const living = (before[other] ?? []).filter((each) => !swept.has(each.entry));
        const taken = living.reduce((sum, each) => sum + each.bytes, 0);
        if (other !== index && taken <= grant.min) expect(held).toEqual(living);
      }
    } else if (choice < 0.85) {
      expect(space.get(id)?.value).toBe(modelSpace.use(id)?.bytes);
    } else if (choice < 0.98) {
      space.delete(id);
      modelSpace.without(id);
    } else {
      space.clear();
      modelSpace.held = [];
    }
    expect(spaces.map(({ size, taken }) => [size, taken])).toEqual(
      model.spaces.map(({ held, taken }) => [held.length, taken]),
    );
    for (const { taken, grant } of spaces) expect(taken).toBeLessThanOrEqual(grant.max);
    expect(budget.taken).toBe(model.spaces.reduce((sum, { taken }) => sum + taken, 0));
    expect(budget.taken).toBeLessThanOrEqual(limit);
  }
});
