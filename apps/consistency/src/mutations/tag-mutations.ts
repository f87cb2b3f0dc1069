import type { Mutation } from "./mutation.ts";

/** The defences of what is told of many keys at once, or for a while. */
export const TAG_MUTATIONS: readonly Mutation[] = [
  {
    // A number that begins anew where there is none: what was deleted is current again when there is another token.
    name: "tokens-are-counters",
    edits: [
      {
        file: "packages/core/src/tags/token-record.ts",
        text: "  return randomBytes(8).readBigUInt64BE();",
        replacement: "  return 1n + 0n * BigInt(randomBytes(1)[0] ?? 0);",
      },
      {
        file: "packages/core/src/tags/token-ends.ts",
        text: "const next = newToken();",
        replacement: "const next = record.token + 1n;",
      },
    ],
    trial: { by: "checker", faults: "none", seconds: 6, seed: 1 },
  },
  {
    // Also by what a load stands on it would be noticed that a tag has ended: tokens that are read afterwards do not say so.
    name: "tokens-after-the-load",
    edits: [
      {
        file: "packages/core/src/write/flight.ts",
        text: "    return this.#superseded || !this.#footing.holds;",
        replacement: "    return this.#superseded;",
      },
      {
        file: "packages/core/src/read/fill.ts",
        text: "    const { footing } = flight;\n",
        replacement: "    const footing = this.#family.tags.footing(flight.footing.stamps?.map(({ tag }) => tag));\n",
      },
      {
        // What has no token yet cannot be told to the tier.
        file: "packages/core/src/read/fill.ts",
        text: "    const isLost = stack.tags.hasLostSince(flight.startedAt);\n",
        replacement:
          "    const isLost = entry.stamps?.some(({ token }) => token === undefined) || stack.tags.hasLostSince(flight.startedAt);\n",
      },
    ],
    trial: { by: "explorer" },
  },
  {
    // The token of a tag that was named late is taken as it is after the load: what has ended meanwhile is kept under the next one.
    name: "late-tokens-after-the-load",
    edits: [
      {
        file: "packages/core/src/tags/tags.ts",
        text: "    return stamp !== undefined && stamp.learnedAt <= learned ? stamp : undefined;",
        replacement: "    return stamp?.token === undefined || learned < 0 ? undefined : stamp;",
      },
    ],
    trial: { by: "checker", faults: "none", seconds: 12, seed: 1 },
  },
  {
    name: "ends-not-heard",
    edits: [
      {
        file: "packages/core/src/tags/tags.ts",
        text: "for (const name of heard) table.end(name, isGone ? GONE : clock.now());",
        replacement: "void [heard, isGone, clock, table];",
      },
    ],
    trial: { by: "checker", faults: "none", seconds: 5, seed: 1 },
  },
  {
    // A token that a tier has lost is taken for the one that was known.
    name: "absence-is-permission",
    edits: [
      {
        file: "packages/core/src/tags/stamp-table.ts",
        text: "      if (stamp.token !== undefined) stamp.replacedBy = this.#replace(stamp, GONE);\n",
        replacement: "      stamp.epoch = epoch;\n",
      },
    ],
    trial: { by: "checker", faults: "kill-pubsub,cut-subscriber", seconds: 10, seed: 1 },
  },
  {
    // More than a few keys are pending: they are dropped, and nothing is done for them.
    name: "outbox-drops-what-is-too-much",
    edits: [
      {
        file: "packages/core/src/remote/removals.ts",
        text: "const MAX_PENDING_KEYS = 10_000;",
        replacement: "const MAX_PENDING_KEYS = 5;",
      },
      {
        file: "packages/core/src/remote/removals.ts",
        text: "    this.#parts.collapse(namespaces);\n",
        replacement: "",
      },
    ],
    trial: { by: "checker", faults: "hang", seconds: 6, seed: 1 },
  },
  {
    name: "generations-not-judged",
    edits: [
      {
        file: "packages/core/src/tags/token-trip.ts",
        text: '    if (own === "gone") return own;',
        replacement: "    void own;",
      },
    ],
    trial: { by: "checker", faults: "none", seconds: 8, seed: 1 },
  },
  {
    // Each process loads what has ended for all.
    name: "no-lease-over-what-has-ended",
    edits: [
      {
        file: "packages/core/src/read/tier-answers.ts",
        text: "    return !refreshes && !skipsTiers && tiers.rightTo(tier.name)?.isLease === false;",
        replacement: "    return tiers === undefined && !refreshes && !skipsTiers && tier.isFenced;",
      },
    ],
    trial: { by: "checker", faults: "none", seconds: 5, seed: 1 },
  },
  {
    // What a replica brings is kept, whatever its version.
    name: "versions-not-compared",
    edits: [
      {
        file: "packages/core/src/write/versions.ts",
        text: "    return version === undefined || version < minimum;",
        replacement: "    return version === undefined;",
      },
    ],
    trial: { by: "checker", faults: "none", seconds: 10, seed: 1 },
  },
  {
    // Nobody but the process that has invalidated knows which version there must be.
    name: "minimum-not-left",
    edits: [
      {
        file: "packages/core/src/remote/removal-call.ts",
        text: 'if (leaves?.kind === "minimum" && fence?.raise !== undefined) {',
        replacement: 'if (leaves?.kind === "minimum" && fence?.raise !== undefined && leaves.version < 0) {',
      },
      {
        file: "packages/core/src/write/family.ts",
        text: "      if (version !== undefined) this.versions?.raise(id, version);\n",
        replacement: "      void version;\n",
      },
    ],
    trial: { by: "checker", faults: "none", seconds: 6, seed: 1 },
  },
  {
    name: "no-tombstone",
    edits: [
      {
        file: "packages/core/src/remote/removal-call.ts",
        text: 'if (leaves?.kind === "tombstone" && fence?.bury !== undefined) {',
        replacement: 'if (leaves?.kind === "tombstone" && fence?.bury !== undefined && leaves.holdOffMs < 0) {',
      },
    ],
    trial: { by: "checker", faults: "none", seconds: 6, seed: 1 },
  },
];
