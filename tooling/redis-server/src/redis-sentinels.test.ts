import { expect, onTestFinished, test } from "vitest";
import { startSentinels } from "./redis-sentinels.ts";
import { ask, asked } from "./wire.ts";

test("a replica becomes the primary when that is killed", async () => {
  const group = await startSentinels();
  onTestFinished(() => group.stop());
  const primary = await group.primary();
  expect(primary).toBe(group.servers[0]);
  await ask(primary.port, ["SET name Ada", "WAIT 1 5000"], 10_000);
  await primary.kill();
  const next = await group.failedOverFrom(primary);
  expect(await asked(next.port, "GET name")).toContain("Ada");
  expect(await group.primary()).toBe(next);
});
