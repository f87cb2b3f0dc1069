import { type ChaosTier, chaos, type MemoryServer, memoryServer } from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { Three } from "./three.ts";

let three: Three;
let near: ChaosTier;
let far: ChaosTier;

beforeEach(() => {
  three = new Three();
  ({ near, far } = three);
});

describe("a removal that is announced", () => {
  let server: MemoryServer;

  beforeEach(() => {
    server = memoryServer({ clock: three.clock, name: "server" });
  });

  test("by the nearer tier leaves another process nothing that it reads while the farther one is slow", async () => {
    const texts = three.textsOver(server.tier(), far);
    const elsewhere = three.textsOver(server.tier(), chaos(far));
    await texts.set("a", "old");
    far.hold("remove", "request");
    const removing = texts.invalidate("a");
    await three.settled();
    expect(await elsewhere.get("a")).toBe("old");
    await three.settled();
    far.release();
    expect(await removing).toEqual({ status: "done" });
    await three.settled();
    expect(elsewhere.peek("a")).toBeUndefined();
    expect(await elsewhere.get("a")).toBeUndefined();
  });

  test("by the farther tier is announced when the nearer one has followed too", async () => {
    const own = chaos(server.tier());
    const texts = three.textsOver(near, own);
    const elsewhere = three.textsOver(chaos(near), server.tier());
    await texts.set("a", "old");
    near.hold("remove", "request");
    const removing = texts.invalidate("a");
    await near.whenHeld(1);
    await three.settled();
    expect(await elsewhere.get("a")).toBe("old");
    near.release();
    expect(await removing).toEqual({ status: "done" });
    await three.settled();
    expect(elsewhere.peek("a")).toBeUndefined();
    expect(await elsewhere.get("a")).toBeUndefined();
  });
});
