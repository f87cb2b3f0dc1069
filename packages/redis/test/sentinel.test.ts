import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import { echoed, listening, redisTier } from "./listening.ts";
import { eventually } from "./servers.ts";

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});

afterAll(() => server.stop());

/** Says where the server is to whoever asks, as a Sentinel does, and OK to all else. */
function sentinel(): Server {
  const address = ["127.0.0.1", String(server.port)].map((part) => `$${part.length}\r\n${part}\r\n`);
  return createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (data) => {
      for (const command of data.toString().split(/(?=\*\d+\r\n)/)) {
        socket.write(command.includes("get-master-addr-by-name") ? `*2\r\n${address.join("")}` : "+OK\r\n");
      }
    });
  });
}

async function port(of: Server, wanted = 0): Promise<number> {
  of.listen(wanted, "127.0.0.1");
  await once(of, "listening");
  const address = of.address();
  if (typeof address !== "object" || address === null) throw new Error("It has no address.");
  return address.port;
}

test("a client that asks Sentinels listens too, and goes on when none of them has answered for a while", async () => {
  const first = sentinel();
  const at = await port(first);
  const client = new Redis({
    sentinels: [{ host: "127.0.0.1", port: at }],
    name: "main",
    protocol: 2,
    updateSentinels: false,
    // So a client gives up for good as soon as no Sentinel answers.
    sentinelRetryStrategy: () => null,
  });
  client.on("error", () => {});
  const tier = redisTier(redis({ client }));
  const channel = `channel:${randomUUID()}`;
  const heard = await listening(tier, channel);
  await echoed(tier, heard);
  first.close();
  const admin = new Redis(server.url);
  await admin.call("CLIENT", "KILL", "TYPE", "pubsub");
  // It has no connection now, and finds no Sentinel.
  await eventually(async () => Number((await admin.pubsub("NUMSUB", channel))[1]) === 0);
  const second = sentinel();
  await port(second, at);
  await eventually(() => heard.gaps === 2);
  await echoed(tier, heard);
  await tier.close();
  client.disconnect();
  admin.disconnect();
  second.close();
  expect(heard.all[0]).toBe("gap");
});
