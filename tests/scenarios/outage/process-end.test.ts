import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { describe, expect, test } from "vitest";

const lonely = fileURLToPath(new URL("./lonely-process.ts", import.meta.url));

interface End {
  readonly code: number | null;
  readonly said: readonly string[];
}

/** What may be the matter with a server. */
const faults: Readonly<Record<string, (server: RedisServer) => unknown>> = {
  there: () => {},
  killed: (server) => server.kill(),
  hung: (server) => server.hang(),
};

/** Runs a process to its end. One that does not end fails the test by the test's own timeout. */
async function run(server: RedisServer, what: string, ...more: readonly string[]): Promise<End> {
  const args = ["--conditions=@tiercache/source", lonely, what, server.url, ...more];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return { code, said: text.trim().split("\n") };
  } finally {
    child.kill("SIGKILL");
  }
}

// Each with a server of its own, a few at a time: most of it is waiting.
describe.concurrent.each(Object.entries(faults))("with Redis %s", (_name, happen) => {
  async function runWith(...what: readonly [string, ...string[]]): Promise<End> {
    await using server = await startRedis();
    await happen(server);
    return await run(server, ...what);
  }

  test("a process whose cache is closed ends by itself", async () => {
    expect(await runWith("close")).toEqual({ code: 0, said: ["read 7", "closed", "done"] });
  });

  test("a process whose cache is idle ends by itself where that is asked for, with its reads answered", async () => {
    expect(await runWith("idle", "unref")).toEqual({ code: 0, said: ["read 7", "done"] });
  });

  test("a process hears of no warning and of no rejection that nobody handles", async () => {
    expect(await runWith("many")).toEqual({ code: 0, said: ["read 7", "closed", "done"] });
  });
});
