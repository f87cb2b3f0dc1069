import { expect, test } from "vitest";
import type { Clock } from "../contracts/clock.ts";
import { attempt } from "./attempt.ts";

/** A clock whose one timer runs when a test says so. */
function lateClock(): { readonly clock: Clock; readonly ring: (now: number) => void } {
  let now = 0;
  let task = (): void => {};
  const clock: Clock = {
    now: () => now,
    after(_delayMs, due) {
      task = due;
      return () => {};
    },
  };
  return {
    clock,
    ring: (at) => {
      now = at;
      task();
    },
  };
}

test("an attempt is given up at its deadline", async () => {
  const { clock, ring } = lateClock();
  const attempted = attempt({ clock, deadlineMs: 200 }, () => new Promise(() => {}));
  ring(200);
  await expect(attempted).rejects.toMatchObject({ code: "TIER_TIMEOUT" });
});

test("an answer that came while this process was paused is heard before the deadline counts", async () => {
  const { clock, ring } = lateClock();
  const answer = Promise.withResolvers<string>();
  const attempted = attempt({ clock, deadlineMs: 200 }, () => answer.promise);
  ring(3_000);
  // As what has arrived on a socket: after the timers, before the next turn.
  process.nextTick(() => answer.resolve("v"));
  expect(await attempted).toBe("v");
});

test("a pause in which no answer came ends in the deadline", async () => {
  const { clock, ring } = lateClock();
  const attempted = attempt({ clock, deadlineMs: 200 }, () => new Promise(() => {}));
  ring(3_000);
  await expect(attempted).rejects.toMatchObject({ code: "TIER_TIMEOUT" });
});
