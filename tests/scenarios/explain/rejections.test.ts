import { msgpack } from "@tiercache/msgpack";
import { beforeEach, describe, expect, test } from "vitest";
import { ThreeTiers } from "../bypass/three-tiers.ts";

let tiers: ThreeTiers;

beforeEach(() => {
  tiers = new ThreeTiers();
});

const nothing = (tier: string) => ({ tier, holds: "nothing" });

describe("of bytes that are no entry explain says why:", () => {
  /** The frame that `near` holds of the key "a" of the namespace "user". */
  async function frameOf(options: object): Promise<Uint8Array> {
    await tiers.cache().namespace<string>("user", options).set("a", "v");
    const [frame] = await tiers.near.readMany(["user:a"], { signal: new AbortController().signal });
    return frame ?? new Uint8Array();
  }
  const changed = (at: number, to: (byte: number) => number) => async (): Promise<Uint8Array> => {
    const frame = await frameOf({});
    frame[at] = to(frame[at] ?? 0);
    return frame;
  };

  test.each<[string, () => Promise<Uint8Array>]>([
    ["not-a-frame", async () => Buffer.from('{"id":7}')],
    ["not-a-frame", async () => new Uint8Array()],
    ["newer-format", changed(2, () => 99)],
    ["unknown-format", changed(2, () => 0)],
    ["other-serializer", () => frameOf({ serializer: msgpack() })],
    ["bad-length", async () => (await frameOf({})).subarray(0, -1)],
    ["bad-checksum", changed(66, (byte) => byte ^ 1)],
    ["newer-schema", () => frameOf({ schemaVersion: 2 })],
    ["undecodable", () => frameOf({ serializer: { id: 1, encode: () => Buffer.from("{"), decode: () => 1 } })],
  ])("%s", async (reason, make) => {
    const frame = await make();
    await tiers.near.write("user:a", frame, { ttlMs: 1_000, signal: new AbortController().signal });
    await tiers.far.remove(["user:a"], { signal: new AbortController().signal });
    tiers.observer.clear();
    const users = tiers.cache().namespace("user", { load: () => "loaded" });
    expect(await users.explain("a")).toMatchObject({
      tiers: [nothing("lru"), { tier: "near", holds: "rejected", reason }, nothing("far")],
      answeredBy: "loader",
    });
    expect(tiers.observer.events).toEqual([]);
    expect(await users.get("a")).toBe("loaded");
    expect(tiers.observer.of("frame-rejected").map((event) => event.reason)).toEqual([reason]);
  });

  test("schema-mismatch, also where the schema itself throws", async () => {
    await tiers.cache().namespace<number>("user").set("a", 5);
    for (const validate of [() => ({ issues: [{ message: "secret" }] }), () => Promise.reject(new Error("secret"))]) {
      const schema = { "~standard": { version: 1, vendor: "here", validate } } as const;
      const users = tiers.cache().namespace<string>("user", { schema: schema });
      const explanation = await users.explain("a");
      expect(explanation.tiers[1]).toEqual({ tier: "near", holds: "rejected", reason: "schema-mismatch" });
      expect(JSON.stringify(explanation)).not.toContain("secret");
    }
  });
});
