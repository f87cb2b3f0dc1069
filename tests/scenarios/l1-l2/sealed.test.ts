import { randomBytes } from "node:crypto";
import { bytes, compress, encrypt, minutes, type SecretKey, type Serializer, sign } from "@tiercache/core";
import { msgpack } from "@tiercache/msgpack";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "./fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const former: SecretKey = { id: 1, secret: randomBytes(32) };
const current: SecretKey = { id: 2, secret: randomBytes(32) };

const call = { signal: new AbortController().signal };

/** Puts what lies under one key under another, as anybody may who can write to the server. */
async function copy(from: string, to: string): Promise<void> {
  const [frame] = await fleet.shared.readMany([from], call);
  if (frame === undefined) throw new Error(`Nothing lies under ${from}.`);
  await fleet.shared.write(to, frame, { ...call, ttlMs: minutes(1) });
}

describe.each<[string, (...keys: readonly SecretKey[]) => Serializer]>([
  ["encrypt", (...keys) => encrypt(compress(msgpack()), { keys })],
  ["sign", (...keys) => sign(compress(msgpack()), { keys })],
])("values sealed by %s()", (_, sealedBy) => {
  test("are shared by all processes that have the key", async () => {
    const cv = { name: "Ada", born: new Date(0) };
    await fleet
      .process({ serializer: sealedBy(current) })
      .namespace<unknown>("cv")
      .set("7", cv);
    expect(
      await fleet
        .process({ serializer: sealedBy(current) })
        .namespace("cv")
        .get("7"),
    ).toEqual(cv);
  });

  test("do not open under another key, namespace or prefix: a counted miss, and a load", async () => {
    const serializer = sealedBy(current);
    await fleet.process({ serializer, prefix: "a" }).namespace<string>("cv").set("7", "of 7");
    for (const [prefix, namespace, id] of [
      ["a", "cv", "8"],
      ["a", "user", "7"],
      ["b", "cv", "7"],
    ] as const) {
      await copy("a/cv:7", `${prefix}/${namespace}:${id}`);
      const load = vi.fn(() => "loaded");
      const before = fleet.observer.count("frame-rejected");
      expect(await fleet.process({ serializer, prefix }).namespace(namespace, { load }).get(id)).toBe("loaded");
      expect(load).toHaveBeenCalledTimes(1);
      expect(fleet.observer.count("frame-rejected")).toBe(before + 1);
    }
  });

  test("are misses to a process that lacks the key, and no error", async () => {
    await fleet
      .process({ serializer: sealedBy(current) })
      .namespace<string>("cv")
      .set("7", "sealed");
    const stranger = fleet.process({ serializer: sealedBy(former) });
    expect(await stranger.namespace("cv", { load: () => "loaded" }).get("7")).toBe("loaded");
  });

  test("are read on by everybody while keys are changed one process after another", async () => {
    const deployments = [[former], [former, current], [current, former], [current]];
    for (const [index, keys] of deployments.entries()) {
      const cvs = fleet.process({ serializer: sealedBy(...keys) }).namespace<string>("cv");
      const id = String(index);
      await cvs.set(id, `written in deployment ${index}`);
      for (const neighbour of [deployments[index - 1], deployments[index + 1]]) {
        if (neighbour === undefined) continue;
        const process = fleet.process({ serializer: sealedBy(...neighbour) });
        expect(await process.namespace("cv").get(id)).toBe(`written in deployment ${index}`);
      }
    }
  });
});

test("raw bytes are handed out in the memory that the tier has given", async () => {
  const page = Buffer.alloc(10_000, "<p>rendered before</p>");
  await fleet.process({ serializer: bytes }).namespace<Uint8Array>("page").set("1", page);
  const readMany = vi.spyOn(fleet.shared, "readMany");
  const value = await fleet.process({ serializer: bytes }).namespace<Uint8Array>("page").get("1");
  expect(value).toEqual(page);
  const answers = await Promise.all(readMany.mock.results.map((result) => result.value as Promise<Uint8Array[]>));
  expect(answers[0]?.[0]?.buffer).toBe(value?.buffer);
});
