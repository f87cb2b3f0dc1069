import { change, echo, fault, load, read, removal } from "../hand-written.ts";
import type { Cases } from "./cases.ts";
import { evictedTokens } from "./of-tags.ts";

/** What was read, and when it had been changed. */
export const valueCases: Cases = {
  I1: {
    broken: {
      "another process reads what was changed more than D ago": [
        change({ from: 0 }),
        read({ from: 1_202, process: "w2" }),
      ],
      "what was queued is read more than D after it was done": [
        change({ from: 0, status: "queued" }),
        removal({ from: 0, done: false }),
        removal({ from: 100 }),
        read({ from: 1_302, process: "w2" }),
      ],
      "an older version is read after a newer one was acknowledged before it": [
        change({ from: 0, version: 3 }),
        change({ from: 1_000, version: 2 }),
        read({ from: 1_300, process: "w2", version: 2 }),
      ],
    },
    sound: {
      "no more than D has passed": [change({ from: 0 }), read({ from: 1_200, process: "w2" })],
      "the value is flagged": [change({ from: 0 }), read({ from: 5_000, process: "w2", stale: "uncertified" })],
      "the change was never acknowledged": [
        change({ from: 0, status: "queued" }),
        removal({ from: 0, done: false }),
        read({ from: 5_000, process: "w2" }),
      ],
      "the new version is read": [change({ from: 0 }), read({ from: 5_000, version: 2 })],
      "it is another key": [change({ from: 0 }), read({ from: 5_000, key: "warm-8" })],
    },
  },
  I2: {
    broken: {
      "a read joins a load from before the change of its process": [
        load({ from: 0 }),
        change({ from: 1 }),
        read({ from: 3 }),
      ],
    },
    sound: {
      "the read began before the change had ended": [load({ from: 0 }), change({ from: 1 }), read({ from: 2 })],
      "the load began after the change": [
        change({ from: 0 }),
        load({ from: 2, version: 2 }),
        read({ from: 4, version: 2 }),
      ],
      "another process made the change": [load({ from: 0 }), change({ from: 1, process: "w2" }), read({ from: 3 })],
    },
  },
  I3: {
    broken: {
      "a process reads what it has changed itself": [change({ from: 0 }), read({ from: 2 })],
      "also when its change is only queued": [change({ from: 0, status: "queued" }), read({ from: 2 })],
    },
    sound: {
      "it was another process": [change({ from: 0 }), read({ from: 2, process: "w2" })],
      "the value is flagged": [change({ from: 0 }), read({ from: 2, stale: "uncertified" })],
    },
  },
  I4: {
    broken: {
      "a load from before a change is still seen, though it brought its version": [
        load({ from: 0, version: 2 }),
        change({ from: 1 }),
        read({ from: 1_203, process: "w2", version: 2 }),
      ],
    },
    sound: {
      "for no longer than D": [
        load({ from: 0, version: 2 }),
        change({ from: 1 }),
        read({ from: 1_202, process: "w2", version: 2 }),
      ],
      "the load began when the change had begun": [
        change({ from: 0 }),
        load({ from: 0, version: 2 }),
        read({ from: 5_000, version: 2 }),
      ],
    },
  },
  I5: {
    broken: {
      "an older value is held after a newer one": [
        change({ from: 0 }),
        read({ from: 0, version: 2 }),
        read({ from: 2, source: "redis" }),
      ],
    },
    sound: {
      "the newer one was only loaded": [
        change({ from: 0 }),
        read({ from: 0, version: 2, source: "loader" }),
        read({ from: 2 }),
      ],
      "both were read at the same time": [change({ from: 0 }), read({ from: 0, version: 2 }), read({ from: 0 })],
      "something went wrong in between": [
        change({ from: 0 }),
        read({ from: 0, version: 2 }),
        fault({ from: 1, fault: "hang" }),
        read({ from: 2 }),
      ],
    },
  },
  I6: {
    broken: {
      "the last echo was sent too long ago": [echo({ from: 0 }), read({ from: 1_001 })],
      "another process had one": [echo({ from: 900, process: "w2" }), read({ from: 1_001 })],
      "it came back too late": [echo({ from: 900, to: 2_000 }), read({ from: 1_001 })],
    },
    sound: {
      "the last echo is good": [echo({ from: 1 }), read({ from: 1_001 })],
      "the server was asked": [read({ from: 1_001, source: "redis" })],
    },
  },
  I8: {
    broken: {
      "a key is old that was evicted": [
        fault({ from: 0, fault: "evict-keys", keys: ["warm-7"] }),
        change({ from: 0 }),
        read({ from: 2_000, process: "w2" }),
      ],
      "it is old and the token of its tag was": evictedTokens,
    },
    sound: {
      "it is another key": [
        fault({ from: 0, fault: "evict-keys", keys: ["warm-8"] }),
        change({ from: 0 }),
        read({ from: 2_000, process: "w2" }),
      ],
    },
  },
  I9: {
    broken: {
      "what was changed before the server came back is old again": [
        change({ from: 1 }),
        fault({ from: 0, to: 100, fault: "restart-old" }),
        read({ from: 2_000, process: "w2" }),
      ],
    },
    sound: {
      "it was changed when the server was back": [
        fault({ from: 0, to: 100, fault: "restart-old" }),
        change({ from: 200 }),
        read({ from: 2_000, process: "w2" }),
      ],
    },
  },
};
