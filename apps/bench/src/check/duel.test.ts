import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Case } from "../case.ts";
import { cases, casesNamed } from "../cases/cases.ts";
import { duel, Side, type Sides } from "./duel.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
let server: RedisServer;
let sides: Sides;

beforeAll(async () => {
  server = await startRedis();
  const base = mkdtempSync(join(tmpdir(), "tiercache-bench-"));
  for (const name of ["core", "lru", "redis", "msgpack", "opentelemetry"])
    cpSync(join(root, "packages", name, "src"), join(base, "packages", name, "src"), { recursive: true });
  sides = { url: server.url, base, effort: "smoke" };
});

afterAll(async () => {
  rmSync(sides.base, { recursive: true, force: true });
  await server.stop();
});

function caseNamed(name: string): Case {
  const [one] = casesNamed([name]);
  if (one === undefined) throw new Error(name);
  return one;
}

test("each side runs the packages of its own checkout, on what is installed here", async () => {
  const [base, change] = (["base", "change"] as const).map((side) => {
    const process = new Side(caseNamed("miss"), sides, side);
    onTestFinished(() => process.end());
    return process;
  });
  expect((await base?.ready())?.core).toContain(pathToFileURL(sides.base).href);
  expect((await change?.ready())?.core).toContain(pathToFileURL(join(root, "packages/core")).href);
  expect(await base?.round()).toBeGreaterThan(0);
});

test("a duel brings one figure of either side, and their ratio", async () => {
  const { baseNs, changeNs, ratio } = await duel(caseNamed("l1-get-two-tier"), sides);
  expect([baseNs, changeNs, ratio].every((figure) => figure > 0)).toBe(true);
});

test("the core cases are of every kind that a change may slow down", () => {
  const core = cases.filter((one) => one.core).map(({ name }) => name);
  for (const kind of [
    "l1-get",
    "l1-peek",
    "l2-get-100b",
    "l2-get-100b-100",
    "miss",
    "miss-100",
    "batch-get",
    "invalidate-key",
  ])
    expect(core).toContain(kind);
});
