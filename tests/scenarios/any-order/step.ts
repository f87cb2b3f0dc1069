import * as fc from "fast-check";

/** One of two processes asks for a value: plainly, for many, or by `read` from anywhere, the loader or the tiers. */
export interface ReadStep {
  readonly does: "read";
  readonly how: "get" | "getMany" | "peek" | "any" | "load" | "cached";
  readonly by: number;
  readonly key: string;
}

/** One of two processes changes what is cached. */
export interface WriteStep {
  readonly does: "write";
  readonly how: "set" | "delete" | "invalidate";
  readonly by: number;
  readonly key: string;
}

/** Something befalls a remote tier, or ends. */
export interface TroubleStep {
  readonly does: "trouble";
  readonly what: "fail" | "heal" | "hang" | "answer late" | "answer reads late" | "remove late" | "release";
  readonly tier: number;
}

/** What happens next. */
export type Step =
  | ReadStep
  | WriteStep
  | TroubleStep
  | { readonly does: "advance"; readonly ms: number }
  /** How loads end that begin from now on. */
  | { readonly does: "load"; readonly how: "quick" | "failing" | "slow" }
  | { readonly does: "end load"; readonly which: "oldest" | "newest"; readonly succeeds: boolean }
  /** Lets everything run; what stands between two of these happens in one tick. */
  | { readonly does: "settle" };

/** The rules of a namespace, as far as they decide how old an answer may be. */
export interface Rules {
  readonly ttlMs: number;
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  readonly retryLoadAfterMs: number;
  readonly softTimeoutMs: number;
  readonly hardTimeoutMs: number;
  readonly refreshAhead?: number;
  readonly local?: { readonly ttlMs: number };
}

/** The keys that are used: so few that everything happens to the same ones. */
export const KEYS = ["a", "b"] as const;

const by = fc.constantFrom(0, 0, 0, 1);
const key = fc.constantFrom(KEYS[0], KEYS[0], KEYS[0], KEYS[1]);
const does = <const T extends string>(...names: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...names);

const reading: fc.Arbitrary<Step> = fc.record({
  does: does("read"),
  how: does("get", "get", "getMany", "peek", "any", "any", "load", "cached", "cached"),
  by,
  key,
});
const writing: fc.Arbitrary<Step> = fc.record({
  does: does("write"),
  how: does("invalidate", "delete", "set"),
  by,
  key,
});
const waiting: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ does: does("settle") }) },
  { weight: 1, arbitrary: fc.record({ does: does("advance"), ms: fc.constantFrom(1, 15, 30, 50, 70, 100, 200) }) },
);
const loading: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: does("load"), how: does("slow", "slow", "quick", "failing") }),
  fc.record({ does: does("end load"), which: does("oldest", "newest"), succeeds: fc.boolean() }),
);

function troubling(tiers: number): fc.Arbitrary<Step> {
  const tier = fc.integer({ min: 0, max: tiers - 1 });
  const what = does("hang", "answer late", "answer reads late", "remove late", "fail", "heal", "release", "release");
  return fc.record({ does: does("trouble"), what, tier });
}

/** A short history of anything in any order, in a world with so many remote tiers. */
export function histories(tiers: number): fc.Arbitrary<readonly Step[]> {
  const step = fc.oneof(
    { weight: 6, arbitrary: reading },
    { weight: 3, arbitrary: writing },
    { weight: 6, arbitrary: waiting },
    { weight: 4, arbitrary: loading },
    ...(tiers === 0 ? [] : [{ weight: 3, arbitrary: troubling(tiers) }]),
  );
  return fc.array(step, { minLength: 1, maxLength: 42, size: "max" });
}

const never = Number.POSITIVE_INFINITY;

const always = fc.record({
  ttlMs: fc.constant(100),
  staleWhileRevalidateMs: fc.constantFrom(0, 50),
  staleIfErrorMs: fc.constantFrom(0, 80),
  retryLoadAfterMs: fc.constant(20),
  softTimeoutMs: fc.constantFrom(never, never, 10),
  hardTimeoutMs: fc.constantFrom(60, 300),
});
const sometimes = fc.record(
  { refreshAhead: fc.constant(0.5), local: fc.constant({ ttlMs: 40 }) },
  { requiredKeys: [] },
);

/** Rules with each kind of staleness on or off, and lives of the order of the steps' advances. */
export const rules: fc.Arbitrary<Rules> = fc
  .tuple(always, sometimes)
  .map(([required, optional]) => ({ ...required, ...optional }));
