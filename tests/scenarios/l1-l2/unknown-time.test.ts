import { beforeEach, describe, expect, test } from "vitest";
import { valuesIn } from "../values-in.ts";
import { Fleet } from "./fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

/** A remote tier that is like a server just connected to: its time is known only once a read has been answered. */
function untilFirstRead(): void {
  fleet.shared.loseTime();
  fleet.shared.hold("read");
}

async function answerFirstRead(): Promise<void> {
  await fleet.shared.whenHeld(1);
  fleet.shared.heal();
  fleet.shared.release("read");
}

describe("while the remote tier's time is unknown", () => {
  test("a write waits until a read has taught it, and reaches the tier", async () => {
    untilFirstRead();
    const setting = fleet.process().namespace<string>("user").set("1", "v");
    await answerFirstRead();
    expect(await setting).toEqual({ status: "done" });
    expect(await fleet.process().namespace<string>("user").get("1")).toBe("v");
  });

  test("writes and removals of a key reach the tier in the order they were asked for", async () => {
    untilFirstRead();
    const users = fleet.process().namespace<string>("user");
    const asked = [
      users.set("1", "v1"),
      users.delete("1"),
      users.set("2", "w1"),
      users.delete("2"),
      users.set("2", "w2"),
    ];
    await answerFirstRead();
    expect(await Promise.all(asked)).toEqual(asked.map(() => ({ status: "done" })));
    const other = fleet.process().namespace<string>("user");
    expect(await other.get("1")).toBeUndefined();
    expect(await other.get("2")).toBe("w2");
  });

  test("a write that waited out its own life is not sent", async () => {
    untilFirstRead();
    const setting = fleet.process({ deadlineMs: 200 }).namespace<string>("user").set("1", "v", { ttlMs: 50 });
    await fleet.shared.whenHeld(1);
    fleet.clock.advance(60);
    await answerFirstRead();
    expect(await setting).toEqual({ status: "done" });
    expect(valuesIn(fleet.shared).writes).toEqual([]);
  });

  test("a write gives up when even the read does not teach it, and says why", async () => {
    fleet.shared.loseTime();
    expect(await fleet.process().namespace<string>("user").set("1", "v")).toEqual({ status: "queued" });
    const [failure] = fleet.observer.of("tier-failed");
    expect(failure).toEqual({ type: "tier-failed", tier: "memory", operation: "read", code: "TIME_UNKNOWN" });
  });

  test("a write on a tier that hangs gives up at the deadline, with all that waits behind it", async () => {
    fleet.shared.loseTime();
    fleet.shared.hang();
    const users = fleet.process({ deadlineMs: 200 }).namespace<string>("user");
    const asked = [users.set("1", "v"), users.delete("1")];
    await fleet.settled();
    fleet.clock.advance(200);
    await fleet.settled();
    fleet.clock.advance(200);
    expect(await Promise.all(asked)).toEqual([{ status: "queued" }, { status: "queued" }]);
  });
});
