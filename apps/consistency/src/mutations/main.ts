/*
 * pnpm consistency:mutations [name …]: takes each defence away, one at a time, and sees whether that is noticed. Exits with 1 if
 * one is not.
 */
import { MUTATIONS, mutationNamed } from "./all-mutations.ts";
import { noticed } from "./noticed.ts";

try {
  const names = process.argv.slice(2).filter((each) => each !== "--");
  const chosen = names.length === 0 ? MUTATIONS : names.map(mutationNamed);
  for (const mutation of chosen) {
    const by = await noticed(mutation);
    process.stdout.write(`${mutation.name.padEnd(36)}${by ?? "NOT NOTICED"}\n`);
    if (by === undefined) process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
