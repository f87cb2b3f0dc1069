import type { LoaderContext } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";
import { valuesIn } from "../values-in.ts";
import { type Job, jobOf, schemaOf } from "./hand-written.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const rules = { ttlMs: 100, staleIfErrorMs: 10_000 };
const schema = schemaOf(jobOf);
const load = (id: string): Job => ({ id, pay: 9 });

/** Leaves a value in the shared tier as a process of an older version would. */
async function written(value: unknown, schemaVersion = 0): Promise<void> {
  await fleet
    .process()
    .namespace("job", { schemaVersion, ...rules })
    .set("1", value);
}

const rejections = (): readonly string[] => fleet.observer.of("frame-rejected").map(({ reason }) => reason);

/** Jobs were once lists of an id and a pay in text. */
function fromList(old: unknown): Job | undefined {
  if (!Array.isArray(old)) return undefined;
  const [id, pay] = old as unknown as readonly [string, string];
  return { id, pay: Number(pay) };
}

describe("a migration", () => {
  test("makes a value of today from one of an earlier version, and is told which", async () => {
    await written(["1", "5"], 3);
    const migrate = vi.fn((old: unknown, _version: number) => fromList(old));
    const loading = vi.fn(load);
    const jobs = fleet.process().namespace("job", { schema, schemaVersion: 4, migrate, load: loading, ...rules });
    expect(await jobs.read("1")).toMatchObject({ value: { id: "1", pay: 5 }, source: "memory" });
    expect(migrate.mock.calls).toEqual([[["1", "5"], 3]]);
    expect(loading).not.toHaveBeenCalled();
    expect(rejections()).toEqual([]);
  });

  test("mends what the schema refuses of its own version, too", async () => {
    await written({ id: "1", pay: "5" }, 4);
    const migrate = vi.fn((old: unknown, _version: number) => ({ id: "1", pay: Number((old as { pay: string }).pay) }));
    const jobs = fleet.process().namespace("job", { schema, schemaVersion: 4, migrate, load, ...rules });
    expect(await jobs.get("1")).toEqual({ id: "1", pay: 5 });
    expect(migrate.mock.calls).toEqual([[{ id: "1", pay: "5" }, 4]]);
  });

  test("is not asked about what fits", async () => {
    await written({ id: "1", pay: 5 }, 4);
    const migrate = vi.fn(fromList);
    expect(await fleet.process().namespace("job", { schema, schemaVersion: 4, migrate }).get("1")).toEqual({
      id: "1",
      pay: 5,
    });
    expect(migrate).not.toHaveBeenCalled();
  });

  test("may take its time", async () => {
    await written(["1", "5"]);
    const migrate = async (old: unknown): Promise<Job | undefined> => fromList(old);
    const jobs = fleet.process().namespace("job", { schema, schemaVersion: 1, migrate, load, ...rules });
    expect(await jobs.get("1")).toEqual({ id: "1", pay: 5 });
    const unchecked = fleet.process().namespace<Job>("job", { schemaVersion: 1, migrate, ...rules });
    expect(await unchecked.get("1")).toEqual({ id: "1", pay: 5 });
  });

  test.each<[string, (old: unknown) => Job | undefined | Promise<Job | undefined>]>([
    ["returns nothing", () => undefined],
    [
      "throws",
      () => {
        throw new Error("a bug in the migration");
      },
    ],
    ["rejects", () => Promise.reject(new Error("a bug in the migration"))],
    ["makes what the schema refuses", () => ({ id: "1" }) as Job],
  ])("that %s makes a miss, which a new load replaces", async (_kind, migrate) => {
    await written(["1", "5"]);
    const jobs = fleet.process().namespace("job", { schema, schemaVersion: 1, migrate, load, ...rules });
    expect(await jobs.get("1")).toEqual({ id: "1", pay: 9 });
    expect(rejections()).toEqual(["schema-mismatch"]);
    await fleet.settled();
    expect(
      await fleet
        .process()
        .namespace("job", { schema, schemaVersion: 1, ...rules })
        .get("1"),
    ).toEqual({
      id: "1",
      pay: 9,
    });
  });

  test("that never ends is given as long as a loader", async () => {
    await written(["1", "5"]);
    const migrate = (): Promise<Job> => new Promise(() => {});
    const jobs = fleet.process().namespace("job", { schema, schemaVersion: 1, migrate, load, hardTimeoutMs: 50 });
    const reading = jobs.get("1");
    await fleet.settled();
    fleet.clock.advance(50);
    expect(await reading).toEqual({ id: "1", pay: 9 });
  });
});

describe("a value that had to be mended", () => {
  const migrate = vi.fn(fromList);

  test("is shown to a loader as what it was mended into, and replaces the old one when found unchanged", async () => {
    await written(["1", "5"]);
    fleet.clock.advance(100);
    const seen: unknown[] = [];
    const conditional = (_id: string, { stale, unchanged }: LoaderContext): Job => {
      seen.push(stale?.value);
      return unchanged();
    };
    fleet.shared.clearCalls();
    const declaration = { schema, schemaVersion: 1, migrate, load: conditional, ...rules };
    const jobs = fleet.process().namespace("job", declaration);
    expect(await jobs.get("1")).toEqual({ id: "1", pay: 5 });
    await fleet.settled();
    expect(seen).toEqual([{ id: "1", pay: 5 }]);
    // Prolonged where it lies it would be of the old version for ever, to be mended on every read.
    expect([valuesIn(fleet.shared).writes, valuesIn(fleet.shared).renewals]).toEqual([["job:1"], []]);
    migrate.mockClear();
    expect(await fleet.process().namespace("job", declaration).get("1")).toEqual({ id: "1", pay: 5 });
    expect(migrate).not.toHaveBeenCalled();
  });

  test("that only lost what the schema strips is prolonged where it lies", async () => {
    await written({ id: "1", pay: 5, more: true }, 1);
    fleet.clock.advance(100);
    fleet.shared.clearCalls();
    const conditional = (_id: string, { unchanged }: LoaderContext): Job => unchanged();
    const jobs = fleet.process().namespace("job", { schema, schemaVersion: 1, load: conditional, ...rules });
    expect(await jobs.get("1")).toEqual({ id: "1", pay: 5 });
    await fleet.settled();
    expect([valuesIn(fleet.shared).writes, valuesIn(fleet.shared).renewals]).toEqual([[], ["job:1"]]);
  });
});
