import { createHash, type Hash } from "node:crypto";
import type { JobMatching } from "./job-matching.ts";

/** Sends one request to whichever service a run measures, and hands its answer on. */
export type Ask = <T>(request: (service: JobMatching) => Promise<T>) => Promise<T>;

/** Requests that one visitor makes one after another, each perhaps depending on the answers before. */
export type Visit = (ask: Ask) => Promise<void>;

/** What a run of visits brought. */
export interface VisitRun {
  /** How long each request took, in ms, in no particular order. */
  readonly tookMs: readonly number[];
  /** A digest of all answers of each visit, in the order of the visits: equal where the answers are. */
  readonly digests: readonly string[];
}

/** How a run goes. */
export interface VisitRunOptions {
  /** How many visitors there are at a time. */
  readonly concurrency: number;
  /** Which service answers the visit of an index: several stand for several instances behind one address. */
  readonly serviceOf: (index: number) => JobMatching;
}

/** Makes all visits, in order but several at a time. */
export async function runVisits(visits: readonly Visit[], options: VisitRunOptions): Promise<VisitRun> {
  const tookMs: number[] = [];
  const digests = visits.map(() => "");
  let next = 0;
  const visitor = async (): Promise<void> => {
    for (let index = next++; index < visits.length; index = next++) {
      const service = options.serviceOf(index);
      const digest = createHash("sha256");
      await visits[index]?.(async (request) => {
        const startedAt = performance.now();
        const answer = await request(service);
        tookMs.push(performance.now() - startedAt);
        digestInto(digest, answer);
        return answer;
      });
      digests[index] = digest.digest("base64");
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, visitor));
  return { tookMs, digests };
}

/** Vectors by their bytes, all else as JSON. */
function digestInto(digest: Hash, answer: unknown): void {
  if (answer instanceof Float32Array) {
    digest.update(new Uint8Array(answer.buffer, answer.byteOffset, answer.byteLength));
  } else if (Array.isArray(answer)) {
    digest.update(`[${answer.length}`);
    for (const element of answer) digestInto(digest, element);
  } else {
    digest.update(JSON.stringify(answer) ?? "undefined");
  }
}
