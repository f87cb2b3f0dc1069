import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awaitUntil, type RedisServer, startRedis } from "@tooling/redis-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { InstanceReport } from "../src/live/instance-state.ts";
import type { LiveMessage } from "../src/live/live-state.ts";
import { Operation, type OperationOptions } from "../src/live/operation.ts";
import { ProgressBoard } from "../src/live/progress-board.ts";
import { ensureDataFolder } from "../src/origin/data-folder.ts";
import { World } from "../src/service/world.ts";

/** What an action is asked with; headers of the page unless told otherwise. */
interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

const fromPage = (address: string) => ({
  "content-type": "application/json",
  "x-tiercache-demo": "1",
  origin: address,
});

let folder: string;
let world: World;
let redis: RedisServer;
const opened: Operation[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tiercache-operation-test-"));
  const { path } = await ensureDataFolder({ seed: 1, jobCount: 200, userCount: 20, root: folder });
  world = await World.open({ seed: 1, environment: { DEMO_DATA_FOLDER: path, MODEL_LATENCY_MS: "0" } });
  redis = await startRedis();
});

afterAll(async () => {
  await Promise.all(opened.map((operation) => operation[Symbol.asyncDispose]()));
  await redis.stop();
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function open({
  host = "127.0.0.1",
  name = "1",
  peers = [],
}: Partial<OperationOptions> = {}): Promise<Operation> {
  const board = new ProgressBoard(() => {}, false);
  const operation = await Operation.open({ host, port: 0, seed: 1, name, peers, board });
  opened.push(operation);
  return operation;
}

const none = async (): Promise<void> => {};
const ownRedis = () => ({ url: redis.url, description: "redis", own: redis, [Symbol.asyncDispose]: none });
const foreignRedis = () => ({ url: redis.url, description: "a server", [Symbol.asyncDispose]: none });

async function act(address: string, name: string, { headers = fromPage(address), ...body }: Asked) {
  const response = await fetch(`${address}/live/actions/${name}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (text === "") throw new Error(`${name} ${JSON.stringify(body)} ${response.status} empty`);
  return { status: response.status, body: JSON.parse(text) };
}

test("the page is there before the service is, which says so", async () => {
  const operation = await open();
  const page = await fetch(operation.address);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
  const early = await fetch(`${operation.address}/jobs`);
  expect([early.status, early.headers.get("retry-after")]).toEqual([503, "1"]);
  expect((await fetch(`${operation.address}/live/instance`)).status).toBe(503);
  await operation.serve(world, ownRedis());
  expect((await fetch(`${operation.address}/jobs`)).status).toBe(200);
  expect((await fetch(`${operation.address}/metrics`)).status).toBe(200);
});

test("whoever opens the stream is told the state at once", async () => {
  const operation = await open();
  await operation.serve(world, ownRedis());
  await operation.hub.look();
  const response = await fetch(`${operation.address}/live/events`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n\n")) text += (await reader?.read())?.value ?? "";
  await reader?.cancel();
  const { state } = JSON.parse(text.replace(/^data: /, "").split("\n\n", 1)[0] ?? "") as LiveMessage;
  expect(state).toMatchObject({ redis: "running", remote: "redis", away: [], hasReport: false });
  expect(state.instances.map(({ name }) => name)).toEqual(["1"]);
});

test("Redis can be broken where it is the demo's own and nobody else can ask for it", async () => {
  const [own, foreign, exposed] = [await open(), await open(), await open({ host: "0.0.0.0" })];
  await own.serve(world, ownRedis());
  await foreign.serve(world, foreignRedis());
  await exposed.serve(world, ownRedis());
  const offered = (operation: Operation): readonly string[] =>
    operation.hub.state().actions.filter((name) => ["redis", "start-instance"].includes(name));
  expect([own, foreign, exposed].map(offered)).toEqual([["redis", "start-instance"], [], []]);
  for (const { address } of [foreign, exposed]) {
    expect((await act(address, "redis", { act: "kill" })).status).toBe(404);
  }
  const headers = { ...fromPage(own.address), origin: "http://evil.example" };
  expect((await act(own.address, "redis", { act: "kill", headers })).status).toBe(403);
  expect(await act(own.address, "redis", { act: "kill" })).toEqual({ status: 200, body: { redis: "killed" } });
  expect(await act(own.address, "redis", { act: "restart" })).toEqual({ status: 200, body: { redis: "running" } });
});

test("what an action needs is checked, and whoever is not there is named", async () => {
  const operation = await open();
  await operation.serve(world, ownRedis());
  const refused = [
    ["read-preferences", { userId: 0 }, 400],
    ["read-preferences", { userId: 1, instance: "9" }, 409],
    ["redis", { act: "explode" }, 400],
    ["send-load", { perSecond: 1_000_000, exponent: 1 }, 400],
    ["nothing", {}, 404],
  ] as const;
  for (const [name, body, status] of refused) {
    expect((await act(operation.address, name, body)).status, name).toBe(status);
  }
  const missing = await act(operation.address, "read-preferences", { userId: 1, instance: "9" });
  expect(missing.body.detail).toContain("No instance 9 answers");
});

test("preferences are read with where they came from, and changed in the database", async () => {
  const operation = await open();
  await operation.serve(world, ownRedis());
  const before = world.origins.users.preferences(5);
  const read = await act(operation.address, "read-preferences", { userId: 5 });
  expect(read.body.preferences).toEqual(before);
  const { body } = await act(operation.address, "change-preferences", { userId: 5 });
  expect(body.preferences.minimumSalaryEurPerYear).toBe((before?.minimumSalaryEurPerYear ?? 0) + 1_000);
  const again = await act(operation.address, "read-preferences", { userId: 5 });
  expect(again.body).toEqual({ source: "loader", preferences: world.origins.users.preferences(5) });
  expect((await act(operation.address, "read-preferences", { userId: 999 })).body.preferences).toBeNull();
});

test("a report is shown once there is one, and may run nothing", async () => {
  const operation = await open();
  expect((await fetch(`${operation.address}/report`, { redirect: "manual" })).status).toBe(302);
  operation.hub.report = "<!doctype html><p>report</p>";
  const response = await fetch(`${operation.address}/report`);
  expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'unsafe-inline'/);
  expect(await response.text()).toContain("report");
});

test("another instance is shown and told what to do, and is away once it is gone", async () => {
  const other = await open({ name: "2" });
  await other.serve(world, ownRedis());
  const own = await open({ peers: [other.address] });
  await own.serve(world, ownRedis());
  await awaitUntil("both are seen", async () => (await own.hub.look()).state.instances.length === 2);
  expect(own.hub.state().instances.map(({ name }) => name)).toEqual(["1", "2"]);
  const told = await act(own.address, "read-preferences", { userId: 3, instance: "2" });
  expect(told.body).toEqual({ source: "loader", preferences: world.origins.users.preferences(3) });
  const report = await fetch(`${other.address}/live/instance`);
  const { events } = (await report.json()) as InstanceReport;
  expect(events.map(({ text }) => text)).toContain("user 3's preferences: read from the database");
  const { address } = other;
  await other[Symbol.asyncDispose]();
  // A look that was under way meanwhile may still have seen it.
  await awaitUntil("the other instance is away", async () => (await own.hub.look()).state.away.includes(address));
  expect(own.hub.state().instances.map(({ name }) => name)).toEqual(["1"]);
});
