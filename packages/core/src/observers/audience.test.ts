import { expect, test, vi } from "vitest";
import type { Observer, Work } from "../contracts/observer.ts";
import { aroundOf, audienceOf, contained } from "./audience.ts";

const work: Work = { kind: "load", namespace: "user", keys: 1 };
const deaf: Observer = { on() {} };

test("nobody is no observer, and one is that one", () => {
  expect(audienceOf([])).toBeUndefined();
  expect(audienceOf([deaf])).toBe(deaf);
});

test("several hear everything in their order, also after one that throws", () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const heard: string[] = [];
  const broken = contained({
    on() {
      throw new Error("broken");
    },
  });
  const all = audienceOf([{ on: () => heard.push("first") }, broken, { on: () => heard.push("last") }]);
  all?.on({ type: "closed" });
  all?.on({ type: "closed" });
  expect(heard).toEqual(["first", "last", "first", "last"]);
  expect(warn).toHaveBeenCalledTimes(1);
  warn.mockRestore();
});

test("work that nobody stands around is not touched", () => {
  expect(aroundOf([deaf, contained(deaf)])).toBeUndefined();
});

test("the first observer stands outermost, and the work is done once", async () => {
  const order: string[] = [];
  const named = (name: string): Observer => ({
    on() {},
    around(_work, run) {
      order.push(`${name} begins`);
      void run().then(() => order.push(`${name} ends`));
      void run();
    },
  });
  const around = aroundOf([named("outer"), deaf, named("inner")]);
  const done = around?.(work, async () => {
    order.push("work");
    return 7;
  });
  expect(await done).toBe(7);
  expect(order).toEqual(["outer begins", "inner begins", "work", "inner ends", "outer ends"]);
});

test("work is done though the observer that stands around it throws or forgets to begin it", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const broken: Observer = {
    on() {},
    around() {
      throw new Error("broken");
    },
  };
  const idle: Observer = { on() {}, around() {} };
  const run = vi.fn(async () => 7);
  expect(await aroundOf([broken, idle].map(contained))?.(work, run)).toBe(7);
  expect(run).toHaveBeenCalledTimes(1);
  warn.mockRestore();
});
