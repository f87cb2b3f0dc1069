import { expect, test, vi } from "vitest";
import { Browsers } from "./browsers.ts";

const never = Number.POSITIVE_INFINITY;

test("whoever has no session logs in, once for all windows, and again when he was logged out", async () => {
  const browsers = new Browsers(never);
  const logIn = vi.fn(async () => {});
  await Promise.all([browsers.ready(7, logIn), browsers.ready(7, logIn)]);
  await browsers.ready(7, logIn);
  expect(logIn).toHaveBeenCalledTimes(1);
  await browsers.ready(8, logIn);
  expect(logIn).toHaveBeenCalledTimes(2);
  browsers.loggedOut(7);
  await browsers.ready(8, logIn);
  await browsers.ready(7, logIn);
  expect(logIn).toHaveBeenCalledTimes(3);
});

test("nobody goes on before he is logged in, in whichever window", async () => {
  const browsers = new Browsers(never);
  const answer = Promise.withResolvers<void>();
  const done: number[] = [];
  const windows = [1, 2].map((window) => browsers.ready(7, () => answer.promise).then(() => done.push(window)));
  await Promise.resolve();
  expect(done).toEqual([]);
  answer.resolve();
  await Promise.all(windows);
  expect(done).toEqual([1, 2]);
});

test("a session that was not used for its whole life has lapsed", async () => {
  const browsers = new Browsers(0);
  const logIn = vi.fn(async () => {});
  await browsers.ready(7, logIn);
  await browsers.ready(7, logIn);
  expect(logIn).toHaveBeenCalledTimes(2);
});
