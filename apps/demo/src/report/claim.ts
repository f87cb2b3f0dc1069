import type { DayReport } from "./day-run.ts";
import { bytes, millis, percent } from "./figures.ts";
import { type Measurement, measurementOf, type ScenarioReport, savedShare } from "./measurement.ts";
import type { MemoryReport } from "./memory.ts";
import { inWords } from "./namespace-words.ts";

/** One of the users' own numbers, beside what was measured. */
export interface Claim {
  readonly what: string;
  /** What they asked for, in their words. */
  readonly wanted: string;
  readonly measured: string;
  /** `null` where theirs is no bound. */
  readonly holds: boolean | null;
}

/** What was measured. */
export interface ClaimGrounds {
  readonly scenarios: readonly ScenarioReport[];
  /** The day with the law of the scenarios. */
  readonly day: DayReport | undefined;
  readonly memory: MemoryReport | null;
}

/** Lays the users' numbers beside what was measured. */
export function claimsOf({ scenarios, day, memory }: ClaimGrounds): readonly Claim[] {
  const scenario = (name: ScenarioReport["name"]) => scenarios.find((one) => one.name === name);
  return [
    ...callClaims(scenario("embedding"), scenario("match")),
    ...timeClaims(scenario("match"), scenario("job-feed")),
    ...(day?.targets ?? []).map(({ namespace, target, hitRate, isMet }) => ({
      what: `hit rate, ${inWords(namespace)}`,
      wanted: `${percent(target)} or more`,
      measured: hitRate === null ? "not read" : percent(hitRate),
      holds: hitRate === null ? null : isMet,
    })),
    ...memoryClaims(memory),
  ];
}

/** With all tiers that there are. */
function withAll({ measurements }: ScenarioReport): Measurement | undefined {
  return measurementOf(measurements, "L1 + L2") ?? measurementOf(measurements, "L1");
}

function callClaims(embedding: ScenarioReport | undefined, match: ScenarioReport | undefined): Claim[] {
  const claims: Claim[] = [];
  const claim = (what: string, least: number, share: number | undefined): void => {
    if (share === undefined) return;
    claims.push({
      what,
      wanted: `${percent(least)} fewer`,
      measured: `${percent(share)} fewer`,
      holds: share >= least,
    });
  };
  claim("calls for embeddings", 0.9, embedding && savedShare(embedding, withAll(embedding)?.configuration ?? "none"));
  claim("match computations", 0.7, match && computationsSaved(match));
  return claims;
}

/** Each computation of a list or of a score reads the job table once. */
function computationsSaved(match: ScenarioReport): number | undefined {
  const without = measurementOf(match.measurements, "none");
  const own = withAll(match);
  if (without === undefined || own === undefined) return undefined;
  return 1 - own.calls.tableReads / own.requests / (without.calls.tableReads / without.requests);
}

function timeClaims(match: ScenarioReport | undefined, feed: ScenarioReport | undefined): Claim[] {
  const claims: Claim[] = [];
  const matchOwn = match && withAll(match);
  if (match !== undefined && matchOwn !== undefined) {
    const wanted = "from seconds to under 500 ms";
    claims.push({ what: "matches", wanted, measured: fromTo(match, matchOwn), holds: matchOwn.p50Ms < 500 });
  }
  const feedOwn = feed && withAll(feed);
  if (feed !== undefined && feedOwn?.warmP50Ms !== undefined && feedOwn.warmP50Ms !== null) {
    const measured = `${fromTo(feed, feedOwn)}; from L1 ${millis(feedOwn.warmP50Ms)} ms`;
    const wanted = "from 100–500 ms to milliseconds; under 2 ms from L1";
    claims.push({ what: "job feed", wanted, measured, holds: feedOwn.warmP50Ms < 2 });
  }
  return claims;
}

function fromTo({ measurements }: ScenarioReport, own: Measurement): string {
  return `p50 ${millis(measurementOf(measurements, "none")?.p50Ms ?? 0)} → ${millis(own.p50Ms)} ms`;
}

/** What one user's share of a namespace takes, and with it what so many users take. */
function memoryClaims(memory: MemoryReport | null): Claim[] {
  if (memory === null) return [];
  const perKey = new Map(memory.map(({ namespace, bytesPerKey }) => [namespace, bytesPerKey]));
  const of = (...names: readonly string[]): number => names.reduce((sum, name) => sum + (perKey.get(name) ?? 0), 0);
  const vectors = of("embed") * (1_000 + 500) + of("matches") * 1_000;
  const listLength = 20;
  const perUser = of("user", "ijp", "resume", "matches") + of("match") * listLength;
  return [
    {
      what: "memory, 1,000 users and 500 projects: vectors and top matches",
      wanted: "about 10 MB",
      measured: bytes(vectors),
      holds: null,
    },
    {
      what: "memory, 10,000 users: session, preferences, resume, top matches and their 20 scores",
      wanted: "about 155 MB",
      measured: `${bytes(perUser * 10_000)} (${bytes(perUser)} a user)`,
      holds: null,
    },
  ];
}
