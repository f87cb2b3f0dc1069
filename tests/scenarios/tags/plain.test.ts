import { beforeEach, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";

/* Over a remote tier that can neither fence nor announce. */

let fleet: Fleet;
let version: number;

beforeEach(() => {
  fleet = new Fleet();
  version = 1;
});

function tagged() {
  const cache = fleet.process();
  const load = vi.fn(async () => version);
  return { cache, load, users: cache.namespace("user", { load, tags: () => ["t"] }) };
}

test("what another process has invalidated by a tag is noticed by the next read of the remote tier", async () => {
  const [one, other] = [tagged(), tagged()];
  await one.users.get("7");
  await one.users.get("8");
  await fleet.settled();
  expect(await other.users.get("7")).toBe(1);
  for (const how of ["invalidateTags", "deleteByTags", "clear"] as const) {
    version++;
    await (how === "clear" ? one.cache.clear() : one.cache[how](["t"]));
    expect(await other.users.get(`9${how}`)).toBe(version);
    await fleet.settled();
    // What it has learned by that it knows of all it holds.
    expect(other.users.peek("7")).toBeUndefined();
    expect(await other.users.get("7")).toBe(version);
    await fleet.settled();
  }
});

test("what a load brings that began without tokens is kept locally alone, though they have become known meanwhile", async () => {
  const answer = Promise.withResolvers<number>();
  const users = fleet.process().namespace("user", {
    load: (id) => (id === "7" ? answer.promise : 1),
    tags: () => ["t"],
  });
  fleet.shared.fail(undefined, "read");
  const reading = users.get("7");
  await fleet.settled();
  fleet.shared.heal();
  expect(await users.get("8")).toBe(1);
  await fleet.settled();
  expect(fleet.shared.writes).toContain("user:8");
  answer.resolve(7);
  expect(await reading).toBe(7);
  await fleet.settled();
  expect(users.peek("7")).toBe(7);
  expect(fleet.shared.writes).not.toContain("user:7");
});

test("a set under tokens that another process has ended is sent once more, under those of now", async () => {
  const [one, other] = [tagged(), tagged()];
  await one.users.set("7", 10);
  await other.users.get("8");
  await fleet.settled();
  for (const end of [() => other.cache.deleteByTags(["t"]), () => other.cache.clear()]) {
    await end();
    await other.users.get(`9${version++}`);
    await fleet.settled();
    await one.users.set("7", 20);
    await fleet.settled();
    expect(await tagged().users.get("7")).toBe(20);
    expect(await one.users.get("7")).toBe(20);
  }
});

test("what is set while tokens are being learned is not sent after what has been done to the key since", async () => {
  for (const isDeleted of [true, false]) {
    const { users } = tagged();
    fleet.shared.hold("read");
    const setting = users.set("7", 10);
    await fleet.shared.whenHeld(1);
    const later = isDeleted ? users.delete("7") : users.set("7", 20);
    fleet.shared.release();
    expect(await Promise.all([setting, later])).toEqual([{ status: "done" }, { status: "done" }]);
    await fleet.settled();
    expect(await fleet.process().namespace<number>("user").get("7")).toBe(isDeleted ? undefined : 20);
    expect(users.peek("7")).toBe(isDeleted ? undefined : 20);
  }
});

test("what is set while its tag is being ended is gone with it", async () => {
  const { cache, users } = tagged();
  await users.set("7", 1);
  await fleet.settled();
  const elsewhere = tagged();
  fleet.shared.hold("read");
  const setting = elsewhere.users.set("7", 10);
  await fleet.shared.whenHeld(1);
  const ending = elsewhere.cache.deleteByTags(["t"]);
  fleet.shared.release();
  await Promise.all([setting, ending]);
  await fleet.settled();
  version = 5;
  expect(await elsewhere.users.get("7")).toBe(5);
  await cache.close();
});
