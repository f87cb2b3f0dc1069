import { monotonicMs } from "../monotonic.ts";
import { errorName } from "./error-name.ts";
import { keyToRead } from "./key-choice.ts";
import type { Operation } from "./operation.ts";
import { failedRead, readOf } from "./read-outcome.ts";

/**
 * Gets one key. The value alone does not say whether it is flagged: the observer is told so. It names no key, so the value counts as
 * flagged if anything was while it was waited for. A hit is told before `get` returns, and known by that.
 */
export const get: Operation = {
  name: "get",
  weight: 30,
  keys: ({ random }) => [keyToRead(random)],
  async run({ caches, recorder }, [key = ""]) {
    const { tally } = caches;
    const [hits, flagged] = [tally.of("hit lru"), tally.of("stale")];
    const begun = { key, operation: "get", from: monotonicMs() };
    try {
      const answer = caches.of(key).get(key);
      const isHit = tally.of("hit lru") > hits && tally.of("stale") === flagged;
      const row = await answer;
      const event = readOf(begun, row, isHit ? "lru" : "unknown");
      const mayBeFlagged = !isHit && tally.of("stale") > flagged;
      recorder.add(mayBeFlagged ? { ...event, stale: "perhaps" } : event);
    } catch (error) {
      recorder.add(failedRead(begun, errorName(error)));
    }
  },
};
