import type { Loader } from "@tiercache/core";
import type { ChaosTier } from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { Three } from "./three.ts";

let three: Three;
let near: ChaosTier;
let far: ChaosTier;

beforeEach(() => {
  three = new Three();
  ({ near, far } = three);
});

describe("a removal", () => {
  test("reaches the farthest tier first, and each once", async () => {
    const texts = three.textsOver(near, far);
    await texts.set("a", "old");
    far.hold("remove");
    const removing = texts.deleteMany(["a", "b"]);
    await three.settled();
    expect([near.removals, far.removals]).toEqual([[], [["text:a", "text:b"]]]);
    far.release();
    expect(await removing).toEqual({ status: "done" });
    expect([near.removals, far.removals]).toEqual([[["text:a", "text:b"]], [["text:a", "text:b"]]]);
  });

  test("is not undone by a read that has found the value before in the farther tier and is told so after", async () => {
    const texts = three.textsOver(near, far);
    await three.textsOver(far).set("a", "old");
    far.hold("read");
    const reading = texts.get("a");
    // The key, and the generation of its namespace.
    await far.whenHeld(2);
    near.hold("remove");
    const removing = texts.delete("a");
    const during = texts.get("a");
    await near.whenHeld(1);
    far.release();
    expect(await Promise.all([reading, during])).toEqual(["old", undefined]);
    near.release();
    await removing;
    expect(await three.heldIn(near, far)).toEqual([undefined, undefined]);
    expect(texts.peek("a")).toBeUndefined();
  });

  test("is not undone by a read that begins while the farther tier is being told", async () => {
    const texts = three.textsOver(near, far);
    await three.textsOver(far).set("a", "old");
    far.hold("remove", "request");
    const removing = texts.delete("a");
    far.hold("read");
    const reading = texts.get("a");
    await far.whenHeld(3);
    near.hold("remove");
    far.release("remove");
    await near.whenHeld(1);
    far.release();
    expect(await reading).toBe("old");
    near.release();
    expect(await removing).toEqual({ status: "done" });
    expect(await three.heldIn(near, far)).toEqual([undefined, undefined]);
    expect(texts.peek("a")).toBeUndefined();
  });

  test("is not undone by another process that reads meanwhile", async () => {
    const texts = three.textsOver(near, far);
    await texts.set("a", "old");
    far.hold("remove", "request");
    const removing = texts.invalidate("a");
    const elsewhere = three.textsOver(near, far);
    expect(await elsewhere.get("a")).toBe("old");
    far.release();
    expect(await removing).toEqual({ status: "done" });
    expect(await three.heldIn(near, far)).toEqual([undefined, undefined]);
  });

  test("that the farther tier can only be told of late is done once more in the nearer one", async () => {
    const texts = three.textsOver(near, far);
    await texts.set("a", "old");
    far.fail(undefined, "remove");
    expect(await texts.delete("a")).toEqual({ status: "queued" });
    const elsewhere = three.textsOver(near, far);
    expect(await elsewhere.get("a")).toBe("old");
    await three.settled();
    expect(await three.heldIn(near)).toEqual(["old"]);
    expect(await texts.get("a")).toBe("old");
    far.heal();
    three.clock.advance(200);
    await three.settled();
    expect(await three.heldIn(near, far)).toEqual([undefined, undefined]);
    expect(texts.peek("a")).toBeUndefined();
  });

  test("that one tier of one can only be told of late is done once", async () => {
    const texts = three.textsOver(far);
    await texts.set("a", "old");
    far.fail(undefined, "remove");
    await texts.delete("a");
    far.heal();
    far.clearCalls();
    three.clock.advance(200);
    await three.settled();
    expect(far.removals).toEqual([["text:a"]]);
  });

  test("leaves in the nearer tier what was set of some of its keys meanwhile, and nothing of the others", async () => {
    const texts = three.textsOver(near, far);
    await texts.setMany([
      ["a", "old"],
      ["b", "old"],
    ]);
    far.hold("remove");
    const removing = texts.deleteMany(["a", "b"]);
    await texts.set("a", "new");
    far.release();
    await removing;
    expect(near.removals).toEqual([["text:b"]]);
    expect(await three.heldIn(near, far)).toEqual(["new", "new"]);
  });

  test("takes away what was set before it, also while another removal is on its way", async () => {
    const texts = three.textsOver(near, far);
    far.hold("remove");
    const first = texts.delete("b");
    await texts.set("a", "old");
    const second = texts.delete("a");
    await texts.set("c", "other");
    far.release();
    await Promise.all([first, second]);
    expect(await three.heldIn(near, far)).toEqual([undefined, undefined]);
  });
});

describe("a tier that is passed by when a value is set", () => {
  test("is not given the old value by a read that found it in a farther one", async () => {
    const texts = three.textsOver(near, far);
    await three.textsOver(far).set("a", "old");
    await texts.get("another");
    far.hold("write", "request");
    const setting = texts.set("a", "new", { skipWriting: ["near", "lru"] });
    far.hold("read");
    const reading = texts.get("a");
    await far.whenHeld(3);
    near.hold("remove");
    far.release("write");
    await near.whenHeld(1);
    far.release();
    expect(await reading).toBe("old");
    near.release();
    expect(await setting).toEqual({ status: "done" });
    expect(await three.heldIn(near, far)).toEqual([undefined, "new"]);
  });
});

describe("a loaded value that is not to be kept leaves no older one behind", () => {
  const load: Loader<[id: string], string> = (_id, { keepFor }) => {
    keepFor(0);
    return "new";
  };

  test("that a read finds while the tiers are being told", async () => {
    const texts = three.cacheOver(near, far).namespace("text", { ttlMs: 1_000, load });
    await three.textsOver(far).set("a", "old");
    three.clock.advance(1);
    far.hold("remove", "request");
    await texts.read("a", { from: "load" });
    expect(await texts.get("a")).toBe("old");
    await three.settled();
    far.release();
    await three.settled();
    expect(await three.heldIn(near, far)).toEqual([undefined, undefined]);
    expect(texts.peek("a")).toBeUndefined();
  });

  test("that a read has found and is told so after", async () => {
    const texts = three.cacheOver(near, far).namespace("text", { ttlMs: 1_000, load });
    await three.textsOver(far).set("a", "old");
    far.hold("remove", "request");
    await texts.read("a", { from: "load" });
    far.hold("read");
    const reading = texts.get("a");
    await far.whenHeld(3);
    near.hold("remove");
    far.release("remove");
    await near.whenHeld(1);
    far.release();
    expect(await reading).toBe("old");
    near.release();
    await three.settled();
    expect(await three.heldIn(near, far)).toEqual([undefined, undefined]);
  });
});
