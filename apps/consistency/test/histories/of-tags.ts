import { change, fault, load, read, removal } from "../hand-written.ts";
import type { Cases } from "./cases.ts";

const key = "tagged-7";
const told = "tag:tagged-1";

/** What goes with a tag or lies in a namespace that is cleared, what is held off, and when that had been changed. */
export const tagCases: Cases = {
  I18: {
    broken: {
      "what a replica answered is kept in spite of a hold-off": [
        change({ from: 0, key: "lagging-7" }),
        read({ from: 1_202, key: "lagging-7", process: "w2", source: "redis" }),
      ],
      "what a replica answered is kept in spite of its version": [
        change({ from: 0, key: "versioned-7" }),
        read({ from: 1_202, key: "versioned-7", process: "w2", source: "redis" }),
      ],
    },
    sound: {
      "it is handed out and not kept": [
        change({ from: 0, key: "lagging-7" }),
        read({ from: 1_202, key: "lagging-7", process: "w2", source: "loader" }),
      ],
      "it is a key without a hold-off": [change({ from: 0 }), read({ from: 1_202, process: "w2" })],
    },
  },
  I24: {
    broken: {
      "another process reads what was invalidated by its tag more than D ago": [
        change({ from: 0, key, told, operation: "invalidateTags" }),
        read({ from: 1_202, key, process: "w2" }),
      ],
      "what was deleted by its tag late is read more than D after that": [
        change({ from: 0, key, told, operation: "deleteByTags", status: "queued" }),
        removal({ from: 0, keys: [told], done: false }),
        removal({ from: 100, keys: [told] }),
        read({ from: 1_302, key, process: "w2" }),
      ],
      "what was cleared is read more than D after that": [
        change({ from: 0, key: "cleared-1", told: "generation:cleared", operation: "clear" }),
        read({ from: 1_202, key: "cleared-1", process: "w2" }),
      ],
      "a load from before is still seen, though it brought what is current": [
        load({ from: 0, key, version: 2 }),
        change({ from: 1, key, told, operation: "invalidateTags" }),
        read({ from: 1_203, key, version: 2, process: "w2" }),
      ],
    },
    sound: {
      "no more than D has passed": [
        change({ from: 0, key, told, operation: "invalidateTags" }),
        read({ from: 1_200, key, process: "w2" }),
      ],
      "only the keys were removed, and not the tag": [
        change({ from: 0, key, told, operation: "deleteByTags", status: "queued" }),
        removal({ from: 0, keys: [told], done: false }),
        removal({ from: 100, keys: [key] }),
        read({ from: 1_302, key, process: "w2" }),
      ],
      "it was changed by its key": [change({ from: 0, key }), read({ from: 2_000, key, process: "w2" })],
    },
  },
};

/** More of an invariant that is judged of keys too. */
export const evictedTokens = [
  fault({ from: 0, fault: "evict-tokens", keys: [key] }),
  change({ from: 0, key, told, operation: "deleteByTags" }),
  read({ from: 2_000, key, process: "w2" }),
];
