import { json, type Serializer } from "@tiercache/core";
import { msgpack } from "@tiercache/msgpack";
import { beforeEach, describe, expect, test } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";
import { jobOf, schemaOf } from "./hand-written.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const standard = schemaOf(jobOf)["~standard"];

describe("a declaration is refused where", () => {
  test.each([
    [
      "its schema is no Standard Schema",
      { schema: { parse: () => 1 } },
      /"job"\.schema is .*; allowed is a Standard Schema of version 1/,
    ],
    ["its schema is of another version", { schema: { "~standard": { ...standard, version: 2 } } }, /"job"\.schema/],
    ["its schema cannot validate", { schema: { "~standard": { ...standard, validate: 1 } } }, /"job"\.schema/],
    ["its schema is null", { schema: null }, /"job"\.schema is null/],
    ["its schema is text", { schema: "string" }, /"job"\.schema/],
    [
      "its version is below 0",
      { schemaVersion: -1 },
      /"job"\.schemaVersion is -1; allowed is a whole number from 0 to 65535/,
    ],
    ["its version is above 65,535", { schemaVersion: 65_536 }, /"job"\.schemaVersion is 65536/],
    ["its version is no whole number", { schemaVersion: 1.5 }, /"job"\.schemaVersion is 1.5/],
    ["its version is text", { schemaVersion: "1" }, /"job"\.schemaVersion is "1"/],
    ["its migration is no function", { migrate: {} }, /"job"\.migrate is .*; allowed is a function/],
    ["its serializer cannot decode", { serializer: { ...json, decode: undefined } }, /namespace "job"\.serializer is/],
    [
      "its serializer has no id",
      { serializer: { ...json, id: undefined } },
      /namespace "job"\.serializer\.id is undefined/,
    ],
    [
      "its serializer's id is 0",
      { serializer: { ...json, id: 0 } },
      /namespace "job"\.serializer\.id is 0; allowed is a whole number from 1 to 255/,
    ],
    ["its serializer's id is 256", { serializer: { ...json, id: 256 } }, /namespace "job"\.serializer\.id is 256/],
  ])("%s, and the name stays free", (_why, wrong, message) => {
    const cache = fleet.process();
    expect(() => cache.namespace("job", wrong as object)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringMatching(message) }),
    );
    expect(cache.namespace("job").name).toBe("job");
  });

  test.each([0, 65_535])("version %i is one", (schemaVersion) => {
    expect(fleet.process().namespace("job", { schemaVersion }).name).toBe("job");
  });

  test("a schema may be a function, as some libraries make them", async () => {
    const schema = Object.assign(() => {}, { "~standard": standard });
    await fleet.process().namespace("job").set("1", { id: "1", pay: 5 });
    expect(await fleet.process().namespace("job", { schema }).get("1")).toEqual({ id: "1", pay: 5 });
  });
});

describe("a namespace's own serializer", () => {
  const at = new Date(86_400_000);

  test("is for its values alone, beside the cache's", async () => {
    const [here, there] = [fleet.process(), fleet.process()].map((cache) => ({
      exact: cache.namespace<unknown>("exact", { serializer: msgpack() }),
      plain: cache.namespace<unknown>("plain"),
    }));
    await here?.exact.set("1", { at });
    await here?.plain.set("1", { at });
    expect(await there?.exact.get("1")).toEqual({ at });
    expect(await there?.plain.get("1")).toEqual({ at: at.toJSON() });
  });

  test("does not read what another one has written: a counted miss, replaced by a new load", async () => {
    await fleet.process().namespace<unknown>("job").set("1", "by json");
    const declaration: { readonly serializer: Serializer; readonly load: () => string } = {
      serializer: msgpack(),
      load: () => "by msgpack",
    };
    expect(await fleet.process().namespace("job", declaration).get("1")).toBe("by msgpack");
    expect(fleet.observer.of("frame-rejected").map(({ reason }) => reason)).toEqual(["other-serializer"]);
    await fleet.settled();
    const elsewhere = await fleet.process().namespace("job", declaration).read("1");
    expect(elsewhere).toMatchObject({ value: "by msgpack", source: "memory" });
  });
});
