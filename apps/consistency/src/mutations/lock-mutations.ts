import type { Mutation } from "./mutation.ts";

/** The defences of locks. */
export const LOCK_MUTATIONS: readonly Mutation[] = [
  {
    name: "lock-tokens-begin-anew",
    edits: [
      {
        file: "packages/redis/src/redis-lock.ts",
        text: "token = math.max(token + 1, ARGV[3] + 1, now)",
        replacement: "token = token + 1",
      },
    ],
    trial: { by: "checker", faults: "restart-empty", seconds: 6, seed: 1 },
  },
  {
    name: "leases-not-timed",
    edits: [
      {
        file: "packages/core/src/lock/grant.ts",
        text: "    return askedAt + this.#parts.leaseMs * (1 - DRIFT);",
        replacement: "    return askedAt + this.#parts.leaseMs * (1 - DRIFT) * 1_000;",
      },
      {
        file: "packages/core/src/lock/grant.ts",
        text: "    if (!isHeld || !this.isHeld) {",
        replacement: "    if (!this.isHeld) {",
      },
    ],
    trial: { by: "checker", faults: "pause-worker", seconds: 12, seed: 1 },
  },
];
