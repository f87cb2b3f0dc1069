import { type SharedRedis, type StartRedisOptions, startRedis } from "./redis-server.ts";

/**
 * A server for tests that only need some server: the one at `TIERCACHE_REDIS_URL` where that is set, else a private one.
 * Others may use it too, so keys want a prefix of the test's own, and nothing may be flushed.
 *
 * @throws an `Error` that says how to get a server where there is none: such tests fail, they are never skipped
 */
export async function testRedis(options: StartRedisOptions = {}): Promise<SharedRedis> {
  const url = process.env["TIERCACHE_REDIS_URL"];
  return url === undefined || url === "" ? startRedis(options) : givenRedis(url);
}

function givenRedis(url: string): SharedRedis {
  return { url, stop: leaveAlone, [Symbol.asyncDispose]: leaveAlone };
}

async function leaveAlone(): Promise<void> {}
