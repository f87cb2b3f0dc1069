import { execFile } from "node:child_process";
import { join } from "node:path";
import { DEFAULT_SETTINGS } from "../settings.ts";
import { verdictOn } from "../verdict.ts";
import type { Mutation } from "./mutation.ts";

/** The explorer's process, and what goes ahead of it. */
const EXPLORER = join(import.meta.dirname, "explorer-process.ts");
const HOOKS = join(import.meta.dirname, "mutated-sources.ts");
const CONDITIONS = "--conditions=@tiercache/source";
const EXPLORED_WITHIN_MS = 120_000;

/** How an exploration has ended. */
export interface Explored {
  readonly holds: boolean;
  readonly told: string;
}

/** On a busy machine little happens in a few seconds: then a run is made that is twice as long, with another seed. */
const ATTEMPTS = 4;

/** What a missing defence was noticed by, in a few words; `undefined` if it was not. */
export async function noticed(mutation: Mutation): Promise<string | undefined> {
  const { trial, name } = mutation;
  if (trial.by === "explorer") {
    const { holds, told } = await explored(name);
    return holds
      ? undefined
      : `the explorer: ${told.split("\n").find((line) => /^(An?|Another|The) /.test(line)) ?? told}`;
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const [seconds, seed] = [trial.seconds * 2 ** attempt, trial.seed + attempt];
    const { findings } = await verdictOn({ ...DEFAULT_SETTINGS, faults: trial.faults, seconds, seed, mutation: name });
    const broken = findings.filter(({ violations }) => violations.length > 0);
    const told = broken.map(({ invariant, violations }) => `${invariant.id} ${violations.length}`);
    if (broken.length > 0) return `the checker in ${seconds} s of ${trial.faults}: ${told.join(", ")}`;
  }
  return undefined;
}

/**
 * Explores the orders of two processes in a process of its own.
 *
 * @param mutation - The name of a defence that it goes without.
 * @throws an `Error` where it fails for another reason than what it is looking for.
 */
export function explored(mutation?: string): Promise<Explored> {
  const hooks = mutation === undefined ? [] : [`--import=${HOOKS}`];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const options = { env: { ...env, CONSISTENCY_MUTATION: mutation ?? "" }, timeout: EXPLORED_WITHIN_MS };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [CONDITIONS, ...hooks, EXPLORER], options, (error, stdout, stderr) => {
      if (error === null) resolve({ holds: true, told: stdout });
      else if (error.code === 1 && stdout.includes("replay: [")) resolve({ holds: false, told: stdout });
      else reject(new Error(`The explorer has failed: ${stderr}`, { cause: error }));
    });
  });
}
