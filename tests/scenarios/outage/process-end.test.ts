import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const lonely = fileURLToPath(new URL("./lonely-process.ts", import.meta.url));

let server: RedisServer;

beforeEach(async () => {
  server = await startRedis();
});

afterEach(() => server.stop());

interface End {
  readonly code: number | null;
  readonly said: readonly string[];
}

/** Runs a process to its end. One that does not end fails the test by the test's own timeout. */
async function run(what: string, ...more: readonly string[]): Promise<End> {
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

describe.each(["there", "killed", "hung"])("with Redis %s", (fault) => {
  beforeEach(async () => {
    if (fault === "killed") await server.kill();
    if (fault === "hung") server.hang();
  });

  test("a process whose cache is closed ends by itself", async () => {
    expect(await run("close")).toEqual({ code: 0, said: ["read 7", "closed", "done"] });
  });

  test("a process whose cache is idle ends by itself where that is asked for, with its reads answered", async () => {
    expect(await run("idle", "unref")).toEqual({ code: 0, said: ["read 7", "done"] });
  });

  test("a process hears of no warning and of no rejection that nobody handles", async () => {
    expect(await run("many")).toEqual({ code: 0, said: ["read 7", "closed", "done"] });
  });
});
