import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startRedis } from "@tooling/redis-server";
import { afterAll, expect, test } from "vitest";

const run = promisify(execFile);
const server = await startRedis();

afterAll(() => server.stop());

interface Told {
  readonly loads: number;
  readonly values: number;
}

async function reader(keys: number): Promise<Told> {
  const script = join(import.meta.dirname, "cold-reader.ts");
  const { stdout } = await run(process.execPath, ["--conditions=@tiercache/source", script, server.url, String(keys)]);
  return JSON.parse(stdout) as Told;
}

test.each([1, 100])("four processes with 250 callers a key load %i cold keys once each", async (keys) => {
  await server.restart();
  const told = await Promise.all(Array.from({ length: 4 }, () => reader(keys)));
  expect(told.map(({ values }) => values)).toEqual([keys, keys, keys, keys]);
  expect(told.reduce((sum, { loads }) => sum + loads, 0)).toBe(keys);
});
