import { expect, test } from "vitest";
import { VersionedUsers } from "./versioned-users.ts";

test("what a process loads that could not ask for the lowest version allowed answers flagged, and not once it can ask", async () => {
  const fleet = new VersionedUsers();
  await fleet.versioned().users.invalidateMany(["7"], { version: 2 });
  // Nobody has told this one, which comes later.
  const { users, tier } = await fleet.ready();
  tier.fail(undefined, "read");
  expect(await users.read("7")).toMatchObject({ value: { version: 1 }, source: "loader", stale: undefined });
  expect(await users.read("7")).toMatchObject({ value: { version: 1 }, source: "lru", stale: "uncertified" });
  tier.heal();
  fleet.replica = 2;
  expect(await users.read("7")).toMatchObject({ value: { version: 2 }, source: "loader" });
});
