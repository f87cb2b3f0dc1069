/* node import-process.ts <module…>: imports them, one after the other, and says how long that took. */
const startedAt = performance.now();
for (const name of process.argv.slice(2)) await import(name);
process.send?.({ ms: performance.now() - startedAt }, () => process.exit());
