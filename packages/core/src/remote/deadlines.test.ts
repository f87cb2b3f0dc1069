import { expect, test } from "vitest";
import type { Clock } from "../contracts/clock.ts";
import { LazySignal } from "../lazy-signal.ts";
import { Deadlines } from "./deadlines.ts";

/** A clock whose timers run when a test says so, each of them as late as that is. */
class LateClock implements Clock {
  readonly timers = new Map<() => void, number>();
  #now = 0;

  now(): number {
    return this.#now;
  }

  after(delayMs: number, task: () => void): () => void {
    this.timers.set(task, this.#now + delayMs);
    return () => void this.timers.delete(task);
  }

  /** Time goes on, and nothing runs. */
  pass(at: number): void {
    this.#now = at;
  }

  /** Time goes on, and then whatever is due runs. */
  ring(at: number): void {
    this.pass(at);
    for (const [task, dueAt] of this.timers) {
      if (dueAt > at) continue;
      this.timers.delete(task);
      task();
    }
  }
}

function begun(deadlineMs = 200): { readonly clock: LateClock; readonly deadlines: Deadlines } {
  const clock = new LateClock();
  return { clock, deadlines: new Deadlines({ clock, deadlineMs }) };
}

const never = (): Promise<never> => new Promise(() => {});

/** What was begun in this tick has its deadline from its end on. */
const sent = (): Promise<void> => new Promise(setImmediate);

test("an attempt is given up at its deadline, and its signal fires", async () => {
  const { clock, deadlines } = begun();
  let signal: AbortSignal | undefined;
  const attempted = deadlines.within(new LazySignal(), (call) => {
    signal = call.signal;
    return never();
  });
  await sent();
  clock.ring(200);
  await expect(attempted).rejects.toMatchObject({ code: "TIER_TIMEOUT" });
  expect(signal?.aborted).toBe(true);
});

test("one timer does for all, each of which has its own deadline", async () => {
  const { clock, deadlines } = begun();
  const ended: string[] = [];
  const begin = (name: string): void => void deadlines.within(new LazySignal(), never).catch(() => ended.push(name));
  begin("first");
  await sent();
  clock.ring(60);
  begin("second");
  begin("third");
  await sent();
  expect(clock.timers.size).toBe(1);
  clock.ring(200);
  await new Promise(setImmediate);
  expect(ended).toEqual(["first"]);
  clock.ring(259);
  await new Promise(setImmediate);
  expect(ended).toEqual(["first"]);
  clock.ring(260);
  await new Promise(setImmediate);
  expect(ended).toEqual(["first", "second", "third"]);
  expect(clock.timers.size).toBe(0);
});

test("what has ended leaves no timer, and is not given up", async () => {
  const { clock, deadlines } = begun();
  expect(await deadlines.within(new LazySignal(), async () => "v")).toBe("v");
  await expect(
    deadlines.within(new LazySignal(), () => {
      throw new Error("at once");
    }),
  ).rejects.toThrow("at once");
  await sent();
  expect(clock.timers.size).toBe(0);
});

test("what begins in the tick in which the last one has ended makes use of its timer, and has a deadline of its own", async () => {
  const { clock, deadlines } = begun();
  await deadlines.within(new LazySignal(), async () => "ended");
  clock.pass(50);
  const [timer] = clock.timers.keys();
  const attempted = deadlines.within(new LazySignal(), never);
  await sent();
  expect([...clock.timers.keys()]).toEqual([timer]);
  let isOver = false;
  attempted
    .catch(() => {})
    .finally(() => {
      isOver = true;
    });
  clock.ring(249);
  await sent();
  expect(isOver).toBe(false);
  clock.ring(250);
  await expect(attempted).rejects.toMatchObject({ code: "TIER_TIMEOUT" });
});

test("an answer that came while this process was paused is heard before the deadline counts", async () => {
  const { clock, deadlines } = begun();
  const answer = Promise.withResolvers<string>();
  const attempted = deadlines.within(new LazySignal(), () => answer.promise);
  await sent();
  clock.ring(3_000);
  // As what has arrived on a socket: after the timers, before the next turn.
  process.nextTick(() => answer.resolve("v"));
  expect(await attempted).toBe("v");
});

test("a pause in which no answer came ends in the deadline, and what began after it has its own", async () => {
  const { clock, deadlines } = begun();
  const ended: string[] = [];
  void deadlines.within(new LazySignal(), never).catch(() => ended.push("before"));
  await sent();
  clock.ring(190);
  void deadlines.within(new LazySignal(), never).catch(() => ended.push("shortly before"));
  await sent();
  clock.ring(300);
  void deadlines.within(new LazySignal(), never).catch(() => ended.push("after"));
  await new Promise(setImmediate);
  expect(ended).toEqual(["before"]);
  clock.ring(391);
  await new Promise(setImmediate);
  expect(ended).toEqual(["before", "shortly before"]);
  clock.ring(500);
  await new Promise(setImmediate);
  expect(ended).toEqual(["before", "shortly before", "after"]);
});

test("time that a test lets go by within a tick counts", async () => {
  const { clock, deadlines } = begun();
  const attempted = deadlines.within(new LazySignal(), never);
  clock.ring(200);
  await expect(attempted).rejects.toMatchObject({ code: "TIER_TIMEOUT" });
});

test("how long this process takes to send is not held against who is to answer", async () => {
  const { clock, deadlines } = begun();
  const ended: string[] = [];
  void deadlines.within(new LazySignal(), never).catch(() => ended.push("first"));
  // The same tick goes on for a second, in which thousands of others are begun; no timer runs in a tick.
  clock.pass(1_000);
  void deadlines.within(new LazySignal(), never).catch(() => ended.push("last"));
  await sent();
  clock.ring(1_198);
  await sent();
  expect(ended).toEqual([]);
  clock.ring(1_200);
  await sent();
  expect(ended).toEqual(["first", "last"]);
});

test("where the clock goes on in the middle of a tick, what is begun later has its deadline from then on", async () => {
  const { clock, deadlines } = begun();
  const ended: string[] = [];
  const begin = (name: string): void => void deadlines.within(new LazySignal(), never).catch(() => ended.push(name));
  begin("first");
  clock.ring(150);
  begin("second");
  clock.ring(200);
  await Promise.resolve();
  await Promise.resolve();
  expect(ended).toEqual(["first"]);
});
