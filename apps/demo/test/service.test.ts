import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routesOf } from "../src/http/routes.ts";
import { type Instance, startInstance } from "../src/service/instance.ts";
import { callsOf } from "../src/service/origins.ts";
import { TierCounter } from "../src/service/tier-counter.ts";
import { World } from "../src/service/world.ts";

let world: World;
let redis: RedisServer;

beforeAll(async () => {
  world = await World.open({ seed: 1, environment: {} });
  redis = await startRedis();
});

afterAll(async () => {
  await redis.stop();
  await world[Symbol.asyncDispose]();
});

describe("the HTTP service", () => {
  let instance: Instance;
  let server: ReturnType<typeof serve>;
  let address: string;

  beforeAll(async () => {
    instance = startInstance(world, { redisUrl: redis.url, prefix: "test", observer: new TierCounter() });
    await new Promise<void>((listening) => {
      server = serve({ fetch: routesOf(instance.services).fetch, port: 0, hostname: "127.0.0.1" }, () => listening());
    });
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server.close();
    await instance.cache.close();
  });

  async function answer(
    path: string,
    init?: RequestInit,
  ): Promise<{ status: number; body: ReturnType<typeof JSON.parse> }> {
    const response = await fetch(address + path, init);
    return { status: response.status, body: await response.json() };
  }

  test("answers a page of the feed, and the second time without reading the table", async () => {
    const first = await answer("/jobs?category=backend&remote=true&page=2");
    const { tableReads } = callsOf(world.origins);
    expect(first.body.jobs).toHaveLength(20);
    expect(await answer("/jobs?page=2&remote=true&category=backend")).toEqual(first);
    expect(callsOf(world.origins).tableReads).toBe(tableReads);
  });

  test("answers a user's top matches and their scores, which the list has computed", async () => {
    const { body: list } = await answer("/users/7/matches");
    expect(list).toHaveLength(20);
    const before = callsOf(world.origins);
    expect((await answer(`/users/7/matches/${list[3].jobId}`)).body).toEqual(list[3]);
    expect(callsOf(world.origins)).toEqual(before);
  });

  test("answers a job, also that there is none", async () => {
    expect((await answer("/jobs/17")).body).toMatchObject({ id: 17 });
    expect((await answer("/jobs/999999")).status).toBe(404);
    expect((await answer("/users/999999/matches")).status).toBe(404);
  });

  test("embeds a batch, each text once for all who ask", async () => {
    const texts = ["one of a kind", "two of a kind", "one of a kind"];
    const { textsEmbedded } = callsOf(world.origins);
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ texts }) };
    const [{ body }] = await Promise.all([answer("/embeddings", init), answer("/embeddings", init)]);
    expect(body.embeddings.map((vector: number[]) => vector.length)).toEqual([768, 768, 768]);
    expect(body.embeddings[2]).toEqual(body.embeddings[0]);
    expect(callsOf(world.origins).textsEmbedded).toBe(textsEmbedded + 2);
  });

  test.each([
    ["/jobs?page=0", 400],
    ["/jobs?colour=red", 400],
    ["/jobs/one", 400],
    ["/users/-1/matches", 400],
    ["/nowhere", 404],
  ])("answers %s with a problem document", async (path, status) => {
    const response = await fetch(address + path);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status, detail: expect.any(String) });
  });

  test.each(["no json", '{"texts":[]}', '{"texts":["a"],"more":1}', '{"texts":[1]}'])(
    "refuses %s as a batch to embed",
    async (body) => {
      expect((await answer("/embeddings", { method: "POST", body })).status).toBe(400);
    },
  );

  test("answers everything while Redis is killed under it", async () => {
    const statuses: number[] = [];
    const user = async (first: number): Promise<void> => {
      for (let userId = first; userId < first + 12; userId++) {
        if (userId === 105) await redis.kill();
        statuses.push((await answer(`/users/${userId}/matches`)).status, (await answer("/jobs?page=1")).status);
      }
    };
    await Promise.all([user(100), user(200), user(300)]);
    expect(new Set(statuses)).toEqual(new Set([200]));
    await redis.restart();
  });
});
