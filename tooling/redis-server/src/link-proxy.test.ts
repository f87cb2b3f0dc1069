import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { awaitUntil } from "./await-until.ts";
import type { Link } from "./link.ts";
import { LinkProxy } from "./link-proxy.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

let server: RedisServer;
let proxy: LinkProxy;
let client: Socket;
let heard: string;
let failure: string | undefined;

beforeAll(async () => {
  server = await startRedis();
  return () => server.stop();
});

beforeEach(async () => {
  proxy = new LinkProxy(server.port);
  await proxy.open();
  client = connect(proxy.port, "127.0.0.1");
  heard = "";
  failure = undefined;
  client.on("data", (data) => {
    heard += data.toString();
  });
  client.on("error", (error: NodeJS.ErrnoException) => {
    failure = error.code;
  });
  await once(client, "connect");
  await awaitUntil("a link", () => proxy.links.length === 1);
});

afterEach(() => {
  client.destroy();
  proxy.close();
});

function link(): Link {
  return proxy.links[0] as Link;
}

async function hears(text: string): Promise<void> {
  await awaitUntil(`${text} heard`, () => heard.includes(text));
}

test("what is sent and answered passes", async () => {
  client.write("PING first\r\n");
  await hears("first");
  expect(link().sent).toBe("PING first\r\n");
  expect(link().answered).toBe(heard);
});

test("what is frozen arrives when it is thawed, in its order", async () => {
  link().freeze();
  client.write("PING first\r\nPING second\r\n");
  await awaitUntil("an answer", () => link().answered.includes("second"));
  expect(heard).toBe("");
  link().thaw();
  await hears("second");
  expect(heard).toBe("$5\r\nfirst\r\n$6\r\nsecond\r\n");
});

test("one direction is lost while the other goes on, and the connection stays open", async () => {
  link().drop("answered");
  client.write("SET dropped yes\r\n");
  await awaitUntil("an answer", () => link().answered.includes("OK"));
  expect(heard).toBe("");
  expect(link().isOpen).toBe(true);
  link().drop("sent");
  client.write("SET dropped no\r\n");
  await awaitUntil("it sent", () => link().sent.includes("dropped no"));
  expect(link().answered).toBe("+OK\r\n");
});

test("what is delayed arrives in its order, whatever the delays", async () => {
  const delays = [120, 0, 60, 5];
  link().delay(() => delays.shift() ?? 0);
  for (const text of ["one", "two", "three", "four"]) client.write(`PING ${text}\r\n`);
  await hears("four");
  expect(heard.match(/[a-z]+/g)).toEqual(["one", "two", "three", "four"]);
});

test("a limit of bytes a second makes large answers late", async () => {
  link().limit(10_000);
  const startedAt = performance.now();
  client.write(`PING ${"x".repeat(2_000)}\r\n`);
  await awaitUntil("all of it", () => heard.length > 2_000);
  // At 10 bytes a ms, there and back.
  expect(performance.now() - startedAt).toBeGreaterThan(350);
});

test("a connection is reset in the middle of an answer", async () => {
  link().resetAfter(9);
  client.write("PING first\r\nPING second\r\n");
  await awaitUntil("a reset", () => failure !== undefined);
  expect(failure).toBe("ECONNRESET");
  expect("$5\r\nfirst\r\n".startsWith(heard)).toBe(true);
});

test("what is to be done to each connection is done to those to come too", async () => {
  proxy.onEach((each) => each.blackhole());
  const other = connect(proxy.port, "127.0.0.1");
  other.write("PING\r\n");
  await awaitUntil("another link", () => proxy.links[1]?.sent === "PING\r\n");
  expect(proxy.links[1]?.answered).toBe("");
  other.destroy();
});
