import { beforeEach, describe, expect, test } from "vitest";
import { Fleet } from "./fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

describe("a delete", () => {
  test("while a remote read is on its way is not undone by what that read brings", async () => {
    await fleet
      .process()
      .namespace("user", { load: () => "old" })
      .get("1");
    await fleet.settled();
    const users = fleet.process().namespace("user", { load: () => "new" });
    fleet.shared.hold("read");
    const reading = users.get("1");
    await fleet.settled();
    expect(await users.delete("1")).toEqual({ status: "done" });
    fleet.shared.release();
    expect(await reading).toBe("old");
    expect(users.peek("1")).toBeUndefined();
    expect(await users.get("1")).toBe("new");
  });

  test("is not undone by a read that fetched the old value before the remote tier had followed", async () => {
    const users = fleet.process().namespace("user", { load: () => "new" });
    await users.set("1", "old");
    fleet.shared.hold("remove", "request");
    const deleting = users.delete("1");
    expect(await users.get("1")).toBe("old");
    expect(users.peek("1")).toBe("old");
    fleet.shared.release();
    await deleting;
    expect(users.peek("1")).toBeUndefined();
    expect(await users.get("1")).toBe("new");
  });
});
