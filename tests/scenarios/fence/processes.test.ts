import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { type Cache, createCache } from "@tiercache/core";
import { redis } from "@tiercache/redis";
import { startRedis } from "@tooling/redis-server";
import { afterAll, expect, test } from "vitest";

const run = promisify(execFile);
const server = await startRedis();

afterAll(() => server.stop());

interface Told {
  readonly loads: number;
  readonly values: number;
}

function argsOf(script: string, keys: number): readonly string[] {
  return ["--conditions=@tiercache/source", join(import.meta.dirname, script), server.url, String(keys)];
}

async function reader(keys: number): Promise<Told> {
  const { stdout } = await run(process.execPath, argsOf("cold-reader.ts", keys));
  return JSON.parse(stdout) as Told;
}

/** A process that knows the keys. Resolves to what has it read them again. */
async function knowing(keys: number): Promise<() => Promise<Told>> {
  const child = spawn(process.execPath, argsOf("ended-reader.ts", keys), { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return async () => {
    const told = text(child.stdout);
    child.stdin.write("read\n");
    return JSON.parse(await told) as Told;
  };
}

/** Four processes that know the keys; does what ends these, and has all of them read again. */
async function readAfter(keys: number, end: (cache: Cache) => Promise<unknown>): Promise<readonly Told[]> {
  await server.restart();
  const readers = await Promise.all(Array.from({ length: 4 }, () => knowing(keys)));
  const cache = createCache({
    tiers: [redis({ url: server.url, commandTimeoutMs: 20_000 })],
    deadlineMs: 20_000,
  });
  cache.namespace("user", { tags: () => ["all"] });
  expect(await end(cache)).toEqual({ status: "done" });
  const told = await Promise.all(readers.map((read) => read()));
  await cache.close();
  return told;
}

test.each([1, 100])("four processes with 250 callers a key load %i cold keys once each", async (keys) => {
  await server.restart();
  const told = await Promise.all(Array.from({ length: 4 }, () => reader(keys)));
  expect(told.map(({ values }) => values)).toEqual([keys, keys, keys, keys]);
  expect(told.reduce((sum, { loads }) => sum + loads, 0)).toBe(keys);
});

test.each([1, 100])(
  "after invalidateTags four processes with 250 callers a key load %i keys once each",
  async (keys) => {
    const told = await readAfter(keys, (cache) => cache.invalidateTags(["all"]));
    expect(told.map(({ values }) => values)).toEqual([keys, keys, keys, keys]);
    expect(told.reduce((sum, { loads }) => sum + loads, 0)).toBe(keys);
  },
);

test.each(["deleteByTags", "clear"] as const)("after %s four processes load a key once in all", async (how) => {
  const told = await readAfter(1, (cache) => (how === "clear" ? cache.clear() : cache.deleteByTags(["all"])));
  expect(told.reduce((sum, { loads }) => sum + loads, 0)).toBe(1);
});
