import {
  change,
  end,
  fault,
  heard,
  hearing,
  load,
  problem,
  read,
  removal,
  row,
  step,
  tierRead,
  unfinished,
} from "../hand-written.ts";
import type { Cases } from "./cases.ts";

/** How processes come to rest, what they are told and what they leave behind. */
export const processCases: Cases = {
  I10: {
    broken: {
      "a process does not have what the database has": [row({ from: 0 }), read({ from: 1, quiet: true })],
      "it does not know": [row({ from: 0 }), read({ from: 1, version: 2, quiet: true, stale: "uncertified" })],
    },
    sound: {
      "it does": [row({ from: 0 }), read({ from: 1, version: 2, quiet: true })],
      "not all is at rest": [row({ from: 0 }), read({ from: 1 })],
    },
  },
  I11: {
    broken: {
      "a read takes too long": [read({ from: 0, to: 15_001 })],
      "a change does not end": [unfinished({ from: 0 })],
    },
    sound: {
      "its process stood still meanwhile": [
        read({ from: 0, to: 15_001 }),
        fault({ from: 100, to: 200, fault: "pause-worker", target: "w1" }),
      ],
    },
  },
  I12: {
    broken: {
      "a key is loaded twice that was not changed": [load({ from: 0 }), load({ from: 5, load: "b" })],
      "a key is loaded twice long after its tag has ended": ["tagged-7", "rested-7", "cleared-7"].flatMap((key) => [
        change({ from: 0, key, told: "tag:t", operation: "invalidateTags" }),
        load({ from: 1_300, key }),
        load({ from: 1_305, key, load: "b" }),
      ]),
    },
    sound: {
      "what names its tags late is not kept at first": [
        load({ from: 0, key: "late-7" }),
        load({ from: 5, key: "late-7", load: "b" }),
      ],
      "it was changed": [load({ from: 0 }), change({ from: 3 }), load({ from: 5, load: "b" })],
      "the server was away": [load({ from: 0 }), fault({ from: 3, fault: "hang" }), load({ from: 5, load: "b" })],
    },
  },
  I13: {
    broken: {
      "a refresh from before a change is still seen": [
        load({ from: 0, key: "soft-1", version: 2 }),
        change({ from: 1, key: "soft-1" }),
        read({ from: 1_203, process: "w2", key: "soft-1", version: 2 }),
      ],
    },
    sound: {
      "it is flagged": [
        load({ from: 0, key: "soft-1", version: 2 }),
        change({ from: 1, key: "soft-1" }),
        read({ from: 1_203, process: "w2", key: "soft-1", version: 2, stale: "revalidating" }),
      ],
    },
  },
  I14: {
    broken: {
      "the server is read while a change of its key is queued": [
        change({ from: 0, status: "queued" }),
        removal({ from: 0, done: false }),
        tierRead({ from: 10 }),
        removal({ from: 20 }),
      ],
    },
    sound: {
      "it is read when that was done": [
        change({ from: 0, status: "queued" }),
        removal({ from: 0, done: false }),
        removal({ from: 20 }),
        tierRead({ from: 30 }),
      ],
      "it did not answer": [
        change({ from: 0, status: "queued" }),
        removal({ from: 0, done: false }),
        tierRead({ from: 10, done: false }),
        removal({ from: 20 }),
      ],
    },
  },
  I15: {
    broken: {
      "what was queued is never done": [change({ from: 0, status: "queued" }), removal({ from: 0, done: false })],
      "another change of the key is done instead": [
        change({ from: 0, status: "queued" }),
        removal({ from: 0, done: false }),
        removal({ from: 20, announce: "another" }),
      ],
      "it is done only when all is read": [
        change({ from: 0, status: "queued" }),
        removal({ from: 0, done: false }),
        step({ from: 10, step: "rested" }),
        removal({ from: 20 }),
      ],
    },
    sound: {
      "it is done": [
        change({ from: 0, status: "queued" }),
        removal({ from: 0, done: false }),
        removal({ from: 20 }),
        step({ from: 30, step: "rested" }),
      ],
    },
  },
  I16: {
    broken: { "nobody hears of a removal": [hearing({ from: 0, to: 100 }), removal({ from: 10 })] },
    sound: {
      "it is heard": [hearing({ from: 0, to: 100 }), removal({ from: 10 }), heard({ from: 10 })],
      "the onlooker was away": [hearing({ from: 0, to: 5 }), removal({ from: 10 })],
      "it failed": [hearing({ from: 0, to: 100 }), removal({ from: 10, done: false })],
    },
  },
  I17: {
    broken: {
      "a key of a batch is old": [change({ from: 0, operation: "deleteMany" }), read({ from: 2_000, process: "w2" })],
    },
    sound: { "it was changed alone": [change({ from: 0 }), read({ from: 2_000, process: "w2" })] },
  },
  I19: {
    broken: { "a value is damaged": [read({ from: 0, damaged: true })] },
    sound: { "it is whole": [read({ from: 0 })] },
  },
  I20: {
    broken: {
      "nobody has made the value": [read({ from: 5 })],
      "it is that of another key": [load({ from: 0, key: "warm-8" }), read({ from: 5 })],
      "it is of another version": [load({ from: 0, version: 3 }), read({ from: 5 })],
    },
    sound: { "it was loaded": [load({ from: 0 }), read({ from: 5 })] },
  },
  I21: {
    broken: {
      "a rejection is not handled": [problem({ from: 0 })],
      "a read fails": [read({ from: 0, error: "LOAD_TIMEOUT" })],
      "a change fails": [change({ from: 0, status: "failed" })],
    },
    sound: { "nothing does": [read({ from: 0 }), change({ from: 0, status: "queued" })] },
  },
  I22: {
    broken: {
      "a process has to be killed": [end({ from: 0, byItself: false })],
      "it fails": [end({ from: 0, code: 1 })],
    },
    sound: { "it ends": [end({ from: 0 })] },
  },
  I23: {
    broken: {
      "a flagged value is too old": [read({ from: 0, stale: "uncertified", ageMs: 130_000 })],
      "it is flagged for no reason that its rules know": [read({ from: 0, stale: "revalidating" })],
    },
    sound: { "it is not": [read({ from: 0, stale: "uncertified", ageMs: 100 })] },
  },
};
