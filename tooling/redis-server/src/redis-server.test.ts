import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { Deathwatch } from "./deathwatch.ts";
import { findRedisServer } from "./redis-binary.ts";
import { PrivateRedis, type RedisServer, startRedis } from "./redis-server.ts";
import { ask } from "./wire.ts";

async function started(args: readonly string[] = []): Promise<RedisServer> {
  const server = await startRedis({ args });
  onTestFinished(() => server.stop());
  return server;
}

async function folderOf(port: number): Promise<string> {
  const answers = await ask(port, ["CONFIG GET dir"], 5_000);
  return answers.split("\r\n")[4] ?? "";
}

test("a started server answers at its URL", async () => {
  const server = await started();
  expect(server.url).toBe(`redis://127.0.0.1:${server.port}`);
  expect(await ask(server.port, ["PING"], 5_000)).toBe("+PONG\r\n+OK\r\n");
});

test("extra arguments reach the server", async () => {
  const server = await started(["--maxmemory", "3mb"]);
  expect(await ask(server.port, ["CONFIG GET maxmemory"], 5_000)).toContain("3145728");
});

test("a killed server is gone at once, and comes back empty on the same port", async () => {
  const server = await started();
  await ask(server.port, ["SET name Ada"], 5_000);
  await server.kill();
  await expect(ask(server.port, ["PING"], 5_000)).rejects.toThrow("ECONNREFUSED");
  await server.restart();
  expect(await ask(server.port, ["DBSIZE"], 5_000)).toMatch(/^:0\r\n/);
});

test("restarting a running server forgets what it held", async () => {
  const server = await started();
  await ask(server.port, ["SET name Ada"], 5_000);
  await server.restart();
  expect(await ask(server.port, ["DBSIZE"], 5_000)).toMatch(/^:0\r\n/);
});

test("a hung server accepts connections and stays silent; resumed, it answers what came in meanwhile", async () => {
  const server = await started();
  server.hang();
  await expect(ask(server.port, ["SET name Ada"], 100)).rejects.toThrow("No answer within 100 ms");
  server.resume();
  expect(await ask(server.port, ["GET name"], 5_000)).toContain("Ada");
});

test("stopping ends even a hung server and removes its folder", async () => {
  const server = await started();
  const folder = await folderOf(server.port);
  expect(existsSync(folder)).toBe(true);
  server.hang();
  await server.stop();
  await expect(ask(server.port, ["PING"], 5_000)).rejects.toThrow("ECONNREFUSED");
  expect(existsSync(folder)).toBe(false);
});

test("stopping twice is the same as once, and a stopped server cannot be restarted", async () => {
  const server = await started();
  await server.stop();
  await server.stop();
  await expect(server.restart()).rejects.toThrow("start a new one");
});

test("a server ends at the end of its scope", async () => {
  let port: number;
  {
    await using server = await startRedis();
    port = server.port;
  }
  await expect(ask(port, ["PING"], 5_000)).rejects.toThrow("ECONNREFUSED");
});

test("a port that somebody else has is passed over for the next", async () => {
  const other = await started();
  const free = await startRedis();
  await free.stop();
  const binary = await findRedisServer();
  if (binary === undefined) throw new Error("The server that was just started is gone");
  const folder = await mkdtemp(join(tmpdir(), "tiercache-redis-"));
  const launch = { binary, folder, args: [] };
  const server = await PrivateRedis.onFirstFree([other.port, free.port], launch, new Deathwatch(folder));
  onTestFinished(() => server.stop());
  expect(server.port).toBe(free.port);
});

test("a fixed port that somebody else has is refused, and the other server is left alone", async () => {
  const other = await started();
  await expect(startRedis({ port: other.port })).rejects.toThrow(`Port ${other.port} is taken`);
  expect(await ask(other.port, ["PING"], 5_000)).toContain("PONG");
});

test("a server that refuses its arguments is reported in its own words", async () => {
  await expect(startRedis({ args: ["--no-such-setting", "1"] })).rejects.toThrow(/did not start: .*Bad directive/);
});

test("where there is no server, the error says how to get one", async () => {
  vi.stubEnv("TIERCACHE_REDIS_KIND", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  const places = { path: "", unpacked: join(tmpdir(), "no-such-folder") };
  await expect(startRedis({ places })).rejects.toThrow(/apt-get install redis-server.*brew.*TIERCACHE_REDIS_URL/);
});

test("where there is no Valkey, the error says how to get one, and Redis does not stand in for it", async () => {
  const places = { unpacked: join(tmpdir(), "no-such-folder") };
  const path = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !existsSync(join(folder, "valkey-server")));
  const startup = startRedis({ kind: "valkey", places: { ...places, path: path.join(delimiter) } });
  await expect(startup).rejects.toThrow(/No Valkey server was found.*ensure.ts valkey/);
});

test("a server ends, and its folder goes, with the process that started it, even one killed with SIGKILL", async () => {
  const source = new URL("./index.ts", import.meta.url).href;
  const program = `
    const { startRedis } = await import(${JSON.stringify(source)});
    console.log((await startRedis()).port);
    setInterval(() => {}, 1_000);
  `;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void parent.kill("SIGKILL"));
  const ended = once(parent, "exit").then(() => Promise.reject(new Error("It ended before its server was ready")));
  const [line] = (await Promise.race([once(parent.stdout, "data"), ended])) as [Buffer];
  const port = Number(line.toString());
  const folder = await folderOf(port);
  const connection = connect(port, "127.0.0.1").on("error", () => {});
  await once(connection, "connect");

  parent.kill("SIGKILL");

  // Not `once`: a connection may end by an error, and that is an end as good as any.
  await new Promise((resolve) => connection.once("close", resolve));
  await expect.poll(() => existsSync(folder), { timeout: 10_000 }).toBe(false);
});
