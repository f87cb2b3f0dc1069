import { createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { expect, test } from "vitest";
import { type WarmReport, warm } from "./warm.ts";

function squares(load: (n: number) => number | Promise<number> = (n) => n * n) {
  const cache = createCache({ tiers: [lru()] });
  return cache.namespace("square", { key: (n: number) => [n], load });
}

const ten = Array.from({ length: 10 }, (_, n) => n);

test("loads what is not there, and passes over what is fresh", async () => {
  const namespace = squares();
  await namespace.get(3);
  await namespace.get(4);
  expect(await warm(namespace, ten)).toEqual({ keys: 10, loaded: 8, fresh: 2, failed: 0, isAborted: false });
  expect(ten.map((n) => namespace.peek(n))).toEqual(ten.map((n) => n * n));
  expect(await warm(namespace, [])).toEqual({ keys: 0, loaded: 0, fresh: 0, failed: 0, isAborted: false });
});

test("loads so many keys at a time as it is told", async () => {
  let running = 0;
  let most = 0;
  const namespace = squares(async (n) => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running -= 1;
    return n;
  });
  await warm(namespace, ten, { concurrency: 3 });
  expect(most).toBe(3);
});

test("goes on where a load fails, and says so", async () => {
  const namespace = squares((n) => {
    if (n % 5 === 0) throw new Error("no such square");
    return n;
  });
  expect(await warm(namespace, ten)).toMatchObject({ loaded: 8, failed: 2, isAborted: false });
});

test("tells how far it is after each key", async () => {
  const told: WarmReport[] = [];
  await warm(squares(), [1, 2, 3], { concurrency: 1, onProgress: (progress) => told.push(progress) });
  expect(told.map(({ loaded }) => loaded)).toEqual([1, 2, 3]);
});

test("ends after the keys under way when it is no longer wanted", async () => {
  const controller = new AbortController();
  const namespace = squares((n) => {
    if (n === 3) controller.abort();
    return n;
  });
  const { signal } = controller;
  expect(await warm(namespace, ten, { concurrency: 1, signal })).toMatchObject({ loaded: 4, isAborted: true });
});
