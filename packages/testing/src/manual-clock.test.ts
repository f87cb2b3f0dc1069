import { expect, test } from "vitest";
import { manualClock } from "./manual-clock.ts";

test("time stands still until it is moved", () => {
  const clock = manualClock(500);
  expect(clock.now()).toBe(500);
  clock.advance(0.25);
  expect(clock.now()).toBe(500.25);
});

test("timers run in the order of their instants, each at its own instant", () => {
  const clock = manualClock();
  const ran: [string, number][] = [];
  clock.after(30, () => ran.push(["late", clock.now()]));
  clock.after(10, () => ran.push(["early", clock.now()]));
  clock.after(10, () => ran.push(["early too", clock.now()]));
  clock.advance(100);
  expect(ran).toEqual([
    ["early", 10],
    ["early too", 10],
    ["late", 30],
  ]);
  expect(clock.now()).toBe(100);
});

test("a timer that is set while time moves runs if it falls due", () => {
  const clock = manualClock();
  const ran: number[] = [];
  const again = (): void => {
    ran.push(clock.now());
    clock.after(10, again);
  };
  clock.after(10, again);
  clock.after(25, () => clock.after(0, () => ran.push(clock.now())));
  clock.advance(39);
  expect(ran).toEqual([10, 20, 25, 30]);
  expect(clock.pending).toBe(1);
});

test("a timer that is due exactly at the end runs, one just after it does not", () => {
  const clock = manualClock();
  const ran: string[] = [];
  clock.after(10, () => ran.push("at"));
  clock.after(10.001, () => ran.push("after"));
  clock.advance(10);
  expect(ran).toEqual(["at"]);
});

test("a cancelled timer does not run, and cancelling late or twice does nothing", () => {
  const clock = manualClock();
  const ran: string[] = [];
  const cancel = clock.after(10, () => ran.push("cancelled"));
  const late = clock.after(5, () => {
    ran.push("ran");
    cancel();
  });
  clock.advance(20);
  late();
  cancel();
  expect(ran).toEqual(["ran"]);
  expect(clock.pending).toBe(0);
});

test("a timer of Infinity never runs and is not pending", () => {
  const clock = manualClock();
  clock.after(Number.POSITIVE_INFINITY, () => expect.unreachable());
  expect(clock.pending).toBe(0);
  clock.advance(Number.MAX_VALUE);
});

test("a task that throws leaves the later timers pending", () => {
  const clock = manualClock();
  const ran: string[] = [];
  clock.after(1, () => {
    throw new Error("from a task");
  });
  clock.after(2, () => ran.push("later"));
  expect(() => clock.advance(5)).toThrow("from a task");
  expect(clock.now()).toBe(1);
  clock.advance(1);
  expect(ran).toEqual(["later"]);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("time does not move by %d", (ms) => {
  expect(() => manualClock().advance(ms)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
});
