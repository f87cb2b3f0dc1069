import { createCache, type Isolation } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { msgpack } from "@tiercache/msgpack";
import { beforeEach, describe, expect, test } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const alone = (isolate: Isolation) => createCache({ tiers: [lru()], isolate });

describe("bytes", () => {
  test.each(["freeze", "share"] as const)("are handed out as they are where the mode is %s", async (isolate) => {
    const vector = Float32Array.of(1, 2);
    const files = alone(isolate).namespace<unknown>("file");
    await files.set("a", { name: "a.bin", bytes: Buffer.from("abc"), vector });
    const found = files.peek("a") as { readonly bytes: Buffer; readonly vector: Float32Array };
    found.bytes[0] = 0x7a;
    expect(found.vector).toBe(vector);
    expect(files.peek("a")).toMatchObject({ bytes: Buffer.from("zbc") });
  });

  test.each<[string, () => ArrayBufferView]>([
    ["a Buffer", () => Buffer.from("abc")],
    ["an empty Buffer", () => Buffer.alloc(0)],
    ["a Uint8Array", () => Uint8Array.of(97, 98)],
    ["a part of a Uint8Array", () => Uint8Array.of(1, 2, 3, 4).subarray(1, 3)],
    ["an embedding", () => Float32Array.from({ length: 768 }, (_, at) => at / 7)],
    ["a part of an embedding", () => Float32Array.of(1, 2, 3, 4).subarray(2)],
    ["big integers", () => BigInt64Array.of(-1n, 2n)],
    ["a part of a DataView", () => new DataView(Uint8Array.of(1, 2, 3).buffer, 1, 1)],
    ["shared memory", () => new Uint8Array(new SharedArrayBuffer(4)).fill(7)],
  ])("are cloned as what they are, without the memory around them: %s", async (_kind, make) => {
    const files = alone("clone").namespace<ArrayBufferView>("file");
    for (const load of [undefined, make]) {
      const id = load === undefined ? "set" : "loaded";
      if (load === undefined) await files.set(id, make());
      const [mine, yours] = await Promise.all([files.getOrLoad(id, make), files.getOrLoad(id, make)]);
      expect(mine).toStrictEqual(make());
      expect(Object.getPrototypeOf(mine)).toBe(Object.getPrototypeOf(make()));
      expect(mine.buffer.byteLength).toBe(mine.byteLength);
      expect(mine.buffer).not.toBe(yours.buffer);
      new Uint8Array(mine.buffer, mine.byteOffset, mine.byteLength).fill(9);
      expect(files.peek(id)).toStrictEqual(make());
    }
  });

  test("within other values are too, and stay one where they stand twice", async () => {
    const bytes = Buffer.from("abc");
    const files = alone("clone").namespace<{ bytes: Buffer; again: Buffer; of: Map<string, Buffer[]> }>("file");
    await files.set("a", { bytes, again: bytes, of: new Map([["k", [bytes]]]) });
    const found = await files.get("a");
    expect(found?.bytes.toString("utf8")).toBe("abc");
    expect(found?.bytes.buffer.byteLength).toBe(3);
    expect(found?.again).toBe(found?.bytes);
    expect(found?.of.get("k")?.[0]).toBe(found?.bytes);
  });

  test("that were given away since are refused and change nothing", async () => {
    const files = alone("clone").namespace<Uint8Array>("file");
    await files.set("a", Uint8Array.of(1));
    const given = Uint8Array.of(2);
    structuredClone(given.buffer, { transfer: [given.buffer] });
    await expect(files.set("a", given)).rejects.toMatchObject({ code: "INVALID_VALUE" });
    expect(files.peek("a")).toEqual(Uint8Array.of(1));
  });

  test("from a remote tier are each caller's own", async () => {
    const serializer = msgpack();
    await fleet.process({ serializer }).namespace<Uint8Array>("file").set("a", Buffer.from("abc"));
    const files = fleet.process({ serializer, isolate: "clone" }).namespace<Uint8Array>("file");
    const [mine, yours] = await Promise.all([files.get("a"), files.get("a")]);
    mine?.fill(0);
    expect(yours).toStrictEqual(new Uint8Array(Buffer.from("abc")));
    expect(await files.get("a")).toEqual(yours);
  });
});
