import { fault, lock } from "../hand-written.ts";
import type { Cases } from "./cases.ts";

const long = { to: 2_000, heldUntil: 10, endedAt: 1_900 };

/** Who held a lock, and what he was told. */
export const lockCases: Cases = {
  L1: {
    broken: {
      "a token is lower than one of before": [lock({ from: 0, token: 2 }), lock({ from: 20, token: 1 })],
      "two are given the same": [lock({ from: 0 }), lock({ from: 20, process: "w2" })],
    },
    sound: {
      "it is higher": [lock({ from: 0 }), lock({ from: 20, token: 2 })],
      "it was asked for before the other one was granted": [
        lock({ from: 0, grantedAt: 5, token: 2 }),
        lock({ from: 4, grantedAt: 20 }),
      ],
    },
  },
  L2: {
    broken: {
      "two processes hold it at a time": [lock({ from: 0 }), lock({ from: 5, process: "w2", token: 2 })],
    },
    sound: {
      "the server has lost its data": [
        lock({ from: 0 }),
        fault({ from: 2, fault: "restart-empty" }),
        lock({ from: 5, process: "w2", token: 2 }),
      ],
      "the first one knew that it was lost": [
        lock({ from: 0, heldUntil: 3 }),
        lock({ from: 5, process: "w2", token: 2 }),
      ],
    },
  },
  L3: {
    broken: {
      "work counts as done while another one held the lock": [lock({ from: 0 }), lock({ from: 5, token: 2 })],
      "work goes on and is told of nothing": [
        lock({ from: 0, ...long, status: "LOCK_LOST" }),
        lock({ from: 20, token: 2 }),
      ],
    },
    sound: {
      "it is told": [lock({ from: 0, ...long, status: "LOCK_LOST", toldAt: 500 }), lock({ from: 20, token: 2 })],
      "it ends soon after": [lock({ from: 0, status: "LOCK_LOST" }), lock({ from: 5, token: 2 })],
    },
  },
};
