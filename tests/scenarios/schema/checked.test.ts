import { type CacheOptions, json, type Schema, type Serializer } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { msgpack } from "@tiercache/msgpack";
import { chaos, memoryTier } from "@tiercache/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { givenTokens } from "../given-tokens.ts";
import { Fleet } from "../l1-l2/fleet.ts";
import { valuesIn } from "../values-in.ts";
import { type Job, jobOf, schemaOf } from "./hand-written.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

/** Leaves a value in the shared tier as a process would that knows of no schema. */
async function written(value: unknown, options: Partial<CacheOptions> = {}): Promise<void> {
  await fleet.process(options).namespace("job").set("1", value);
  fleet.observer.clear();
}

const rejections = (): readonly string[] => fleet.observer.of("frame-rejected").map(({ reason }) => reason);

const zodJob = z.object({ id: z.string(), pay: z.number() });

describe.each<[string, Schema<Job>]>([
  ["written by hand", schemaOf(jobOf)],
  ["that answers later", schemaOf(async (value) => jobOf(value))],
  ["of zod", zodJob],
  ["of zod that asks somebody else", zodJob.refine(async ({ pay }) => pay > 0)],
])("by a schema %s, what a remote tier returns", (_kind, schema) => {
  const load = (id: string): Job => ({ id, pay: 9 });

  test("answers where it fits", async () => {
    await written({ id: "1", pay: 5 });
    const reading = await fleet.process().namespace("job", { schema, load }).read("1");
    expect(reading).toMatchObject({ value: { id: "1", pay: 5 }, source: "memory" });
    expect(rejections()).toEqual([]);
  });

  test.each([
    ["another type", "text"],
    ["null", null],
    ["a list", []],
    ["a job that lacks something", { id: "1" }],
  ])("is a counted miss where it is %s, and is replaced by a new load", async (_what, wrong) => {
    await written(wrong);
    expect(await fleet.process().namespace("job", { schema, load }).get("1")).toEqual({ id: "1", pay: 9 });
    expect(fleet.observer.of("frame-rejected")).toEqual([
      { type: "frame-rejected", namespace: "job", tier: "memory", reason: "schema-mismatch" },
    ]);
    expect(fleet.observer.count("miss")).toBe(1);
    await fleet.settled();
    expect(await fleet.process().namespace("job", { schema }).get("1")).toEqual({ id: "1", pay: 9 });
    expect(fleet.observer.count("loaded")).toBe(1);
  });

  test("is nothing to a read that does not load where it does not fit", async () => {
    await written({ id: "1" });
    const jobs = fleet.process().namespace("job", { schema });
    expect(await jobs.get("1")).toBeUndefined();
    expect(await jobs.read("1")).toMatchObject({ value: undefined, source: undefined });
  });

  test("is judged key by key in a batch", async () => {
    const plain = fleet.process().namespace("job");
    await plain.setMany([
      ["1", { id: "1", pay: 5 }],
      ["2", "text"],
    ]);
    const loadMany = vi.fn((keys: readonly (readonly [id: string])[]) => keys.map(([id]) => ({ id, pay: 9 })));
    const jobs = fleet.process().namespace("job", { schema, loadMany });
    expect(await jobs.getMany(["1", "2"])).toEqual([
      { id: "1", pay: 5 },
      { id: "2", pay: 9 },
    ]);
    expect(loadMany.mock.calls.map(([keys]) => keys)).toEqual([[["2"]]]);
  });

  test("that is no value at all fits every schema", async () => {
    await written(undefined);
    const loading = vi.fn(load);
    const jobs = fleet.process().namespace("job", { schema, load: loading });
    expect(await jobs.read("1")).toMatchObject({ value: undefined, source: "memory" });
    expect(loading).not.toHaveBeenCalled();
  });

  test("is explained where it does not fit", async () => {
    await written("text");
    const { tiers } = await fleet.process().namespace("job", { schema }).explain("1");
    expect(tiers[1]).toEqual({ tier: "memory", holds: "rejected", reason: "schema-mismatch" });
  });
});

describe("a schema", () => {
  const failure = new Error("a bug in the schema");

  test.each<[string, Schema<string>]>([
    [
      "throws",
      schemaOf((): never => {
        throw failure;
      }),
    ],
    ["rejects", schemaOf(() => Promise.reject(failure))],
    ["answers nothing", schemaOf(() => undefined as never)],
    ["answers later nothing", schemaOf(async () => null as never)],
  ])("that %s makes a miss, and reaches no reader", async (_kind, schema) => {
    await written("value");
    const texts = fleet.process().namespace("job", { schema, load: () => "loaded" });
    expect(await texts.get("1")).toBe("loaded");
    expect(rejections()).toEqual(["schema-mismatch"]);
  });

  test("that never answers is given as long as a loader", async () => {
    await written("value");
    const schema = schemaOf<string>(() => new Promise(() => {}));
    const texts = fleet.process().namespace("job", { schema, load: () => "loaded", hardTimeoutMs: 500 });
    const reading = texts.get("1");
    await fleet.settled();
    fleet.clock.advance(500);
    expect(await reading).toBe("loaded");
    expect(rejections()).toEqual(["schema-mismatch"]);
  });

  test("says nothing of what a loader returns or a caller sets", async () => {
    const validate = vi.fn(jobOf);
    const jobs = fleet.process().namespace("job", { schema: schemaOf(validate), load: (id) => ({ id, pay: 1 }) });
    await jobs.get("1");
    await jobs.set("2", { id: "2", pay: 2 });
    expect([await jobs.get("1"), await jobs.get("2")]).toHaveLength(2);
    expect(validate).not.toHaveBeenCalled();
  });

  test("that transforms makes of its own output the same again, at each tier it comes by", async () => {
    const schema = z.object({ at: z.coerce.date(), tags: z.array(z.string()).default([]) });
    const at = new Date(86_400_000);
    for (const serializer of [json, msgpack()]) {
      const name = `event-${serializer.id}`;
      await fleet
        .process({ serializer })
        .namespace(name, { schema })
        .set("1", { at, tags: ["a"] });
      const read = await fleet.process({ serializer }).namespace(name, { schema }).get("1");
      expect(read).toEqual({ at, tags: ["a"] });
    }
  });

  test("whose output is frozen shares nothing that a reader can change", async () => {
    await written({ id: "1", pay: 5 });
    const jobs = fleet.process({ isolate: "freeze" }).namespace("job", { schema: schemaOf(jobOf) });
    expect(Object.isFrozen(await jobs.get("1"))).toBe(true);
  });
});

describe("a copy to a nearer tier holds what the schema has put out", () => {
  const stripping = schemaOf(jobOf);
  const strippingInPlace = schemaOf((value) => {
    const job = value as { secret?: string };
    delete job.secret;
    return { value: job };
  });

  test.each<[string, Schema<unknown>]>([
    ["anew", stripping],
    ["in place", strippingInPlace],
    ["by zod", zodJob],
  ])("where that strips what it does not know, %s", async (_kind, schema) => {
    givenTokens(fleet.shared, "job");
    await written({ id: "1", pay: 5, secret: "salary of the boss" });
    const near = chaos(givenTokens(memoryTier({ clock: fleet.clock, name: "near" }), "job"));
    const tiers = [lru(), near, fleet.shared] as const;
    expect(await fleet.process({ tiers }).namespace("job", { schema }).get("1")).toEqual({ id: "1", pay: 5 });
    await fleet.settled();
    expect(valuesIn(near).writes).toEqual(["job:1"]);
    const nearest = fleet.process({ tiers: [near] }).namespace("job");
    expect(await nearest.get("1")).toEqual({ id: "1", pay: 5 });
    const held = await fleet
      .process({ tiers: [lru(), near] })
      .namespace("job")
      .get("1");
    expect(held).not.toHaveProperty("secret");
  });

  test("and the bytes as they came where it has changed nothing", async () => {
    givenTokens(fleet.shared, "job");
    await written("as it came");
    const encode = vi.fn((value: unknown, place: string) => json.encode(value, place));
    const near = chaos(givenTokens(memoryTier({ clock: fleet.clock, name: "near" }), "job"));
    const serializer: Serializer = { ...json, encode };
    const jobs = fleet
      .process({ tiers: [near, fleet.shared], serializer })
      .namespace("job", { schema: schemaOf((value) => ({ value })) });
    expect(await jobs.get("1")).toBe("as it came");
    await fleet.settled();
    expect(valuesIn(near).writes).toEqual(["job:1"]);
    expect(encode).not.toHaveBeenCalled();
    expect(
      await fleet
        .process({ tiers: [near] })
        .namespace("job")
        .get("1"),
    ).toBe("as it came");
  });
});
