import type { NamespaceStats } from "@tiercache/core";
import { Browsers } from "../load/browsers.ts";
import type { Population } from "../load/population.ts";
import { ServiceVisitor } from "../load/service-visitor.ts";
import { type VisitPlan, VisitPlanner } from "../load/visit-plan.ts";
import type { Instance } from "../service/instance.ts";
import type { Fleet } from "./fleet.ts";

/** How often a namespace answered, beside what its owners ask of it. */
export interface TargetReport {
  readonly namespace: string;
  /** 0 to 1. */
  readonly target: number;
  /** Reads of the second half. */
  readonly reads: number;
  /** Of the first half, whose caches were empty at first; `null` where nothing was read. */
  readonly fillingHitRate: number | null;
  /** Of the second half. */
  readonly hitRate: number | null;
  readonly isMet: boolean;
}

/** A day of visits with one law. */
export interface DayReport {
  readonly zipfExponent: number;
  readonly visits: number;
  readonly requests: number;
  readonly targets: readonly TargetReport[];
}

/** What a day is. */
export interface DayOptions extends Population {
  readonly fleet: Fleet;
  readonly seed: number;
  readonly exponent: number;
  readonly visits: number;
  /** Every text there is: embedded before the first visit, where they enter the service. */
  readonly texts: readonly string[];
  /** Told after each step. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const concurrency = 8;
const textsPerCall = 256;
const visitsPerStep = 100;

/** Has visitors come to a fleet whose caches are empty at first, and says how often the namespaces with a target answered. */
export async function runDay(options: DayOptions): Promise<DayReport> {
  const { fleet, exponent, visits, texts, onProgress } = options;
  const { instances } = fleet;
  await fleet.ready();
  for (let from = 0; from < texts.length; from += textsPerCall) {
    await fleet.of(0).services.matches.embeddings(texts.slice(from, from + textsPerCall));
  }
  const planner = new VisitPlanner(options);
  const browsers = new Browsers();
  const visitors = instances.map(({ services }) => new ServiceVisitor(services, browsers));
  const resets = (): void => instances.forEach(({ cache }) => cache.resetStats());
  const half = async (from: number): Promise<Totals> => {
    resets();
    for (let done = 0; done < visits / 2; done += visitsPerStep) {
      const plans = Array.from({ length: Math.min(visitsPerStep, visits / 2 - done) }, () => planner.next());
      await makeVisits(plans, visitors);
      onProgress?.(Math.min(visits, from + done + plans.length), visits);
    }
    return totalsOf(instances);
  };
  const filling = await half(0);
  const later = await half(visits / 2);
  const requests = visitors.reduce((sum, visitor) => sum + visitor.requests, 0);
  return { zipfExponent: exponent, visits, requests, targets: targetsOf(filling, later) };
}

/** Several at a time; each visit is to one instance, and they take turns. */
async function makeVisits(plans: readonly VisitPlan[], visitors: readonly ServiceVisitor[]): Promise<void> {
  const left = plans.entries();
  const worker = async (): Promise<void> => {
    // All workers draw from one iterator.
    for (const [index, plan] of left) await visitors[index % visitors.length]?.visit(plan);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** What all instances counted of a namespace. */
interface Total {
  readonly target: number;
  readonly answered: number;
  readonly reads: number;
}

type Totals = ReadonlyMap<string, Total>;

/** Of all instances, the namespaces with a target. */
function totalsOf(instances: readonly Instance[]): Totals {
  const totals = new Map<string, Total>();
  for (const [name, stats] of instances.flatMap(({ cache }) => Object.entries(cache.stats().namespaces))) {
    const own = totalOf(stats);
    if (own === undefined) continue;
    const { answered, reads } = totals.get(name) ?? { answered: 0, reads: 0 };
    totals.set(name, { target: own.target, answered: answered + own.answered, reads: reads + own.reads });
  }
  return totals;
}

function totalOf({ target, total }: NamespaceStats): Total | undefined {
  if (target === undefined) return undefined;
  const answered = total.hits + total.stale;
  return { target, answered, reads: answered + total.misses + total.bypasses + total.errors };
}

function targetsOf(filling: Totals, later: Totals): readonly TargetReport[] {
  return [...later].map(([namespace, { target, answered, reads }]) => {
    const before = filling.get(namespace);
    const hitRate = shareOf(answered, reads);
    const fillingHitRate = shareOf(before?.answered ?? 0, before?.reads ?? 0);
    return { namespace, target, reads, fillingHitRate, hitRate, isMet: hitRate !== null && hitRate >= target };
  });
}

function shareOf(part: number, all: number): number | null {
  return all === 0 ? null : part / all;
}
