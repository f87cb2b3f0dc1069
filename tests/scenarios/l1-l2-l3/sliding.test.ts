import { minutes } from "@tiercache/core";
import { beforeEach, describe, expect, test } from "vitest";
import { withoutRenewal } from "../conditional/without-renewal.ts";
import { Three } from "./three.ts";

let three: Three;

beforeEach(() => {
  three = new Three();
});

/** The sessions of one more process, over tiers that are sent a whole frame to prolong one. */
function sessionsOf() {
  const cache = three.cacheOver(withoutRenewal(three.near), withoutRenewal(three.far));
  return cache.namespace<string>("session", { ttlMs: minutes(15), sliding: true });
}

describe("a sliding life, in tiers that cannot prolong what they hold,", () => {
  test("goes on by being written anew", async () => {
    await sessionsOf().set("s", "user 7");
    for (let read = 0; read < 5; read++) {
      three.clock.advance(minutes(10));
      expect(await sessionsOf().get("s")).toBe("user 7");
      await three.settled();
    }
    expect([three.near.writes.length, three.far.writes.length]).toEqual([6, 6]);
  });

  test("is not brought back by a read that was answered before the session was ended and hears of it after", async () => {
    await sessionsOf().set("s", "user 7");
    three.clock.advance(minutes(5));
    const sessions = sessionsOf();
    three.near.hold("read");
    const reading = sessions.get("s");
    await three.near.whenHeld(1);
    await sessions.delete("s");
    three.near.release();
    expect(await reading).toBe("user 7");
    await three.settled();
    expect([three.near.writes.length, three.far.writes.length]).toEqual([1, 1]);
  });

  test("is not brought back in the tier behind, which was asked before the session was ended", async () => {
    await sessionsOf().set("s", "user 7");
    three.clock.advance(minutes(5));
    const sessions = sessionsOf();
    three.far.hold("read");
    const reading = sessions.get("s");
    const [generation] = await three.far.whenHeld(1);
    generation?.release();
    expect(await reading).toBe("user 7");
    await three.far.whenHeld(1);
    await sessions.delete("s");
    three.far.release();
    await three.settled();
    expect(three.far.writes).toEqual(["session:s"]);
    expect(await sessionsOf().get("s")).toBeUndefined();
  });
});
