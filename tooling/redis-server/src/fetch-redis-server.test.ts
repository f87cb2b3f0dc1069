import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fetchRedisServer } from "./fetch-redis-server.ts";

test("where there is no apt-get, the error says why and how to get a server, and nothing is left behind", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tiercache-fetch-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const failure = await fetchRedisServer({ into: join(folder, "redis"), path: folder }).catch((error: Error) => error);
  expect(failure).toMatchObject({
    message: expect.stringMatching(/^.*not a Debian.*brew install redis.*TIERCACHE_REDIS_URL.*$/),
  });
  expect(await readdir(folder)).toEqual([]);
});
