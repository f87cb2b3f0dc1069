import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { startRedis } from "./redis-server.ts";
import { testRedis } from "./test-redis.ts";
import { ask } from "./wire.ts";

const nowhere = { path: "", unpacked: join(tmpdir(), "no-such-folder") };

afterEach(() => {
  vi.unstubAllEnvs();
});

test("the server at TIERCACHE_REDIS_URL is used as it is, and stopping leaves it alone", async () => {
  await using given = await startRedis();
  vi.stubEnv("TIERCACHE_REDIS_URL", given.url);
  const shared = await testRedis({ places: nowhere });
  expect(shared.url).toBe(given.url);
  await shared.stop();
  expect(await ask(given.port, ["PING"], 5_000)).toContain("PONG");
});

test("without TIERCACHE_REDIS_URL a private server is started, and stopping ends it", async () => {
  vi.stubEnv("TIERCACHE_REDIS_URL", "");
  const shared = await testRedis();
  const port = Number(new URL(shared.url).port);
  expect(await ask(port, ["PING"], 5_000)).toContain("PONG");
  await shared.stop();
  await expect(ask(port, ["PING"], 5_000)).rejects.toThrow("ECONNREFUSED");
});

test("a test that needs a server fails, and says how to get one, where there is none", async () => {
  vi.stubEnv("TIERCACHE_REDIS_URL", "");
  vi.stubEnv("TIERCACHE_REDIS_KIND", "");
  await expect(testRedis({ places: nowhere })).rejects.toThrow("TIERCACHE_REDIS_URL");
});
