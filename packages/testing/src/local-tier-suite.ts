import assert from "node:assert/strict";
import type { Entry, LocalSpace, LocalTier } from "@tiercache/core";
import type { ContractCase } from "./contract-case.ts";
import { entryOf } from "./entry-of.ts";

/** What a suite needs to know of the tier besides how to open it. */
export interface LocalTierSuiteOptions {
  /**
   * The most entries that the opened tier holds, over all its spaces; at least 10. Every case stays within it but the
   * one that proves it. @defaultValue unknown: the bound is not proved
   */
  readonly maxEntries?: number;
}

type Open = () => LocalTier;

/** Ids that a careless implementation stumbles over. */
const ODD_IDS = ["", " ", "__proto__", "constructor", "toString", "hasOwnProperty", "a:b", "\u0000", "日本", "0"];

/**
 * What every {@link LocalTier} must do, as a list of cases.
 *
 * @param open - Makes a new, empty tier that holds at least 10 entries; called once a case.
 *
 * @example
 * ```ts
 * import { lru } from "@tiercache/lru";
 * import { localTierSuite } from "@tiercache/testing";
 * import { test } from "vitest";
 *
 * for (const { title, run } of localTierSuite(() => lru())) test(title, run);
 * ```
 */
export function localTierSuite(open: Open, options: LocalTierSuiteOptions = {}): readonly ContractCase[] {
  const { maxEntries } = options;
  return [
    ...lookups(open),
    ...removals(open),
    ...separation(open),
    ...(maxEntries === undefined ? [] : bounds(open, maxEntries)),
  ];
}

function lookups(open: Open): readonly ContractCase[] {
  return [
    inSpace("an id that was never set is absent", open, (space) => {
      assert.equal(space.get("absent"), undefined);
      assert.equal(space.size, 0);
    }),
    inSpace("what was set is got back as the same object", open, (space) => {
      const entry = entryOf({ name: "Ada" });
      space.set("1", entry);
      assert.equal(space.get("1"), entry);
      assert.equal(space.get("1"), entry);
      assert.equal(space.size, 1);
    }),
    inSpace("an entry of undefined is an entry", open, (space) => {
      const entry = entryOf(undefined);
      space.set("1", entry);
      assert.equal(space.get("1"), entry);
    }),
    inSpace("a later entry takes the place of an earlier one", open, (space) => {
      const later = entryOf("later");
      space.set("1", entryOf("earlier"));
      space.set("1", later);
      assert.equal(space.get("1"), later);
      assert.equal(space.size, 1);
    }),
    inSpace("an expired entry is returned all the same: the cache judges freshness", open, (space) => {
      const expired = entryOf(1, { createdAt: -2, refreshAt: -1, freshUntil: -1, expiresAt: -1 });
      space.set("1", expired);
      assert.equal(space.get("1"), expired);
      assert.equal(space.size, 1);
    }),
    inSpace("every string is an id of its own", open, (space) => {
      for (const id of ODD_IDS) assert.equal(space.get(id), undefined);
      const entries = ODD_IDS.map((id) => entryOf(id));
      for (const [index, id] of ODD_IDS.entries()) space.set(id, entries[index] as Entry<unknown>);
      for (const [index, id] of ODD_IDS.entries()) assert.equal(space.get(id), entries[index]);
      assert.equal(space.size, ODD_IDS.length);
    }),
  ];
}

function removals(open: Open): readonly ContractCase[] {
  return [
    inSpace("a deleted id is absent and the others stay", open, (space) => {
      space.set("1", entryOf(1));
      space.set("2", entryOf(2));
      space.delete("1");
      assert.equal(space.get("1"), undefined);
      assert.equal(space.get("2")?.value, 2);
      assert.equal(space.size, 1);
    }),
    inSpace("deleting an absent id does nothing", open, (space) => {
      space.set("1", entryOf(1));
      space.delete("2");
      space.delete("2");
      assert.equal(space.size, 1);
    }),
    inSpace("a cleared space is empty and may be filled again", open, (space) => {
      for (let id = 0; id < 5; id++) space.set(String(id), entryOf(id));
      space.clear();
      assert.equal(space.size, 0);
      assert.equal(space.get("0"), undefined);
      space.set("0", entryOf("again"));
      assert.equal(space.get("0")?.value, "again");
      assert.equal(space.size, 1);
    }),
  ];
}

function separation(open: Open): readonly ContractCase[] {
  return [
    inTwoSpaces("the same id in two spaces is two entries", open, (users, orders) => {
      users.set("1", entryOf("user"));
      assert.equal(orders.get("1"), undefined);
      orders.set("1", entryOf("order"));
      assert.equal(users.get("1")?.value, "user");
      assert.equal(orders.get("1")?.value, "order");
      users.delete("1");
      assert.equal(orders.get("1")?.value, "order");
    }),
    inTwoSpaces("clearing one space leaves the other as it is", open, (users, orders) => {
      users.set("1", entryOf("user"));
      orders.set("1", entryOf("order"));
      users.clear();
      assert.equal(users.size, 0);
      assert.equal(orders.size, 1);
      assert.equal(orders.get("1")?.value, "order");
    }),
    {
      title: "a local tier has a name for events",
      async run() {
        assert.match(open().name, /^[\w.-]+$/);
      },
    },
  ];
}

function bounds(open: Open, maxEntries: number): readonly ContractCase[] {
  return [
    inSpace("one space holds no more than the bound, and the newest entries", open, (space) => {
      for (let id = 0; id < maxEntries * 2; id++) {
        space.set(String(id), entryOf(id));
        assert.ok(space.size <= maxEntries, `${space.size} entries in a tier of ${maxEntries}`);
      }
      assert.equal(space.size, maxEntries);
      assert.equal(space.get(String(maxEntries * 2 - 1))?.value, maxEntries * 2 - 1);
      assert.equal(space.get("0"), undefined);
    }),
    inSpace("an entry that is read outlives one that is not", open, (space) => {
      space.set("kept", entryOf("kept"));
      for (let id = 0; id < maxEntries * 2; id++) {
        space.set(String(id), entryOf(id));
        assert.equal(space.get("kept")?.value, "kept");
      }
    }),
    inTwoSpaces("two spaces together hold no more than the bound", open, (users, orders) => {
      for (let id = 0; id < maxEntries * 2; id++) {
        users.set(String(id), entryOf(id));
        orders.set(String(id), entryOf(id));
        const held = users.size + orders.size;
        assert.ok(held <= maxEntries, `${held} entries in a tier of ${maxEntries}`);
      }
    }),
  ];
}

function inSpace(title: string, open: Open, prove: (space: LocalSpace<unknown>) => void): ContractCase {
  return {
    title,
    async run() {
      prove(open().open("users"));
    },
  };
}

function inTwoSpaces(
  title: string,
  open: Open,
  prove: (users: LocalSpace<unknown>, orders: LocalSpace<unknown>) => void,
): ContractCase {
  return {
    title,
    async run() {
      const tier = open();
      prove(tier.open("users"), tier.open("orders"));
    },
  };
}
