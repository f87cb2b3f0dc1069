import { LOCK_MUTATIONS } from "./lock-mutations.ts";
import type { Mutation } from "./mutation.ts";
import { TAG_MUTATIONS } from "./tag-mutations.ts";

/** Every defence that can be taken away. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: "commit-without-compare",
    edits: [
      {
        file: "packages/redis/src/commit-fold.ts",
        text: "  elseif #head == ${headTo - stateAt + 1} and string.sub(head, ${revisionFrom - stateAt + 1}) == expected then",
        replacement: "  else",
      },
    ],
    trial: { by: "checker", faults: "none", seconds: 6, seed: 2 },
  },
  {
    name: "flights-not-poisoned",
    edits: [
      {
        file: "packages/core/src/write/flight.ts",
        text: "    this.#superseded = true;",
        replacement: "",
      },
    ],
    trial: { by: "explorer" },
  },
  {
    name: "flights-joined-after-invalidation",
    edits: [
      {
        file: "packages/core/src/write/flights.ts",
        text: "    this.#running.get(id)?.supersede();\n    this.#running.delete(id);",
        replacement: "    this.#running.get(id)?.supersede();",
      },
    ],
    trial: { by: "checker", faults: "none", seconds: 6, seed: 1 },
  },
  {
    name: "no-second-drop",
    edits: [
      {
        file: "packages/core/src/write/write-path.ts",
        text: "for (const id of ids) if (!this.wasSet(id)) this.#family.retract(id, what);",
        replacement: "",
      },
    ],
    trial: { by: "explorer" },
  },
  {
    name: "no-epoch",
    edits: [
      {
        file: "packages/core/src/bus/certificate.ts",
        text: "    this.#epoch++;",
        replacement: "",
      },
    ],
    trial: { by: "checker", faults: "kill-pubsub", seconds: 5, seed: 1 },
  },
  {
    name: "no-certificate",
    edits: [
      {
        file: "packages/core/src/bus/certificate.ts",
        text: "  get until(): Ms {\n    return this.#until;",
        replacement: "  get until(): Ms {\n    return Number.MAX_VALUE;",
      },
    ],
    trial: { by: "checker", faults: "cut-subscriber", seconds: 8, seed: 3 },
  },
  {
    name: "no-outbox",
    edits: [
      {
        file: "packages/core/src/remote/removals.ts",
        text: "    this.#outbox.add(removals);",
        replacement: "",
      },
    ],
    trial: { by: "checker", faults: "hang", seconds: 5, seed: 1 },
  },
  {
    // Of a tier that is still asked, and of one that has been left alone and is back.
    name: "outbox-after-reads",
    edits: [
      {
        file: "packages/core/src/remote/tier-reads.ts",
        text: "    if (!removals.holdsUp(keys)) return this.#asked(keys);",
        replacement: "    if (removals !== undefined) return this.#asked(keys);",
      },
      {
        file: "packages/core/src/remote/tier-watch.ts",
        text: "breaker.probed(isBack && (await this.#parts.settle()));",
        replacement: "breaker.probed(isBack);",
      },
      {
        file: "packages/core/src/remote/tier-watch.ts",
        text: "if (this.isAsked) void this.#parts.settle();",
        replacement: "",
      },
    ],
    trial: { by: "checker", faults: "kill-clients,hang", seconds: 6, seed: 1 },
  },
  {
    name: "no-journal",
    edits: [
      {
        file: "packages/core/src/remote/removals.ts",
        text: "    this.keep([...this.#tokenJournal.since(now), ...this.#journal.since(now)]);",
        replacement: "",
      },
    ],
    trial: { by: "checker", faults: "restart-old", seconds: 5, seed: 1 },
  },
  {
    name: "removals-not-announced",
    edits: [
      {
        file: "packages/redis/src/announcement.ts",
        text: "if ARGV[2] then redis.call('PUBLISH', ARGV[2], ARGV[3]) end",
        replacement: "",
      },
    ],
    trial: { by: "checker", faults: "none", seconds: 5, seed: 1 },
  },
  {
    name: "old-data-believed",
    edits: [
      {
        file: "packages/core/src/remote/losses.ts",
        text: "    return this.since(createdAt) && ",
        replacement: "    return false && this.since(createdAt) && ",
      },
    ],
    trial: { by: "checker", faults: "restart-old,pause-worker", seconds: 12, seed: 1 },
  },
  {
    name: "sets-not-journaled",
    edits: [
      {
        file: "packages/core/src/remote/removals.ts",
        text: "  replaced(removal: Removal, done: boolean): void {\n    if (done) ",
        replacement: "  replaced(removal: Removal, done: boolean): void {\n    if (done) return;\n    if (done) ",
      },
    ],
    trial: { by: "checker", faults: "restart-old", seconds: 6, seed: 1 },
  },
  ...TAG_MUTATIONS,
  ...LOCK_MUTATIONS,
];

/** @throws an `Error` for a name that no mutation has. */
export function mutationNamed(name: string): Mutation {
  const mutation = MUTATIONS.find((each) => each.name === name);
  if (mutation !== undefined) return mutation;
  throw new Error(`There is no mutation ${name}; one of ${MUTATIONS.map((each) => each.name).join(", ")}.`);
}
