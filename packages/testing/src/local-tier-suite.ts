import assert from "node:assert/strict";
import type { Entry, LocalSpace, LocalTier } from "@tiercache/core";
import type { ContractCase } from "./contract-case.ts";
import { entryOf } from "./entry-of.ts";
import { shareCases } from "./local-tier-suite-shares.ts";

/** What a suite needs to know of the tier besides how to open it. */
export interface LocalTierSuiteOptions {
  /**
   * The most entries that the opened tier holds, over all its spaces; at least 10. Every case stays within it but those
   * that prove it, and the shares in it. @defaultValue unknown: neither is proved
   */
  readonly maxEntries?: number;
}

type Open = () => LocalTier;

/** Ids that a careless implementation stumbles over. */
const ODD_IDS = ["", " ", "__proto__", "constructor", "toString", "hasOwnProperty", "a:b", "\u0000", "日本", "0"];

/**
 * What every {@link LocalTier} must do, as a list of cases. A tier need not grant shares, but then it must refuse them:
 * one that takes a share and does not heed it is found out. That the expired give way before the living is not asked.
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
    ...looks(open),
    ...ends(open),
    ...removals(open),
    ...separation(open),
    ...(maxEntries === undefined ? [] : [...bounds(open, maxEntries), ...shareCases(open, maxEntries)]),
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
      space.set("1", entry, 0);
      assert.equal(space.get("1"), entry);
      assert.equal(space.get("1"), entry);
      assert.equal(space.size, 1);
    }),
    inSpace("an entry of undefined is an entry", open, (space) => {
      const entry = entryOf(undefined);
      space.set("1", entry, 0);
      assert.equal(space.get("1"), entry);
    }),
    inSpace("a later entry takes the place of an earlier one", open, (space) => {
      const later = entryOf("later");
      space.set("1", entryOf("earlier"), 0);
      space.set("1", later, 0);
      assert.equal(space.get("1"), later);
      assert.equal(space.size, 1);
    }),
    inSpace("every string is an id of its own", open, (space) => {
      for (const id of ODD_IDS) assert.equal(space.get(id), undefined);
      const entries = ODD_IDS.map((id) => entryOf(id));
      for (const [index, id] of ODD_IDS.entries()) space.set(id, entries[index] as Entry<unknown>, 0);
      for (const [index, id] of ODD_IDS.entries()) assert.equal(space.get(id), entries[index]);
      assert.equal(space.size, ODD_IDS.length);
    }),
  ];
}

function looks(open: Open): readonly ContractCase[] {
  return [
    inSpace("what is peeked at is what is got, where a space can peek", open, (space) => {
      if (space.peek === undefined) return;
      const entry = entryOf(1);
      assert.equal(space.peek("1"), undefined);
      space.set("1", entry, 0);
      assert.equal(space.peek("1"), entry);
      space.delete("1");
      assert.equal(space.peek("1"), undefined);
    }),
  ];
}

function ends(open: Open): readonly ContractCase[] {
  return [
    inSpace(
      "an entry is returned whatever a clock of the tier's own may say: the cache judges freshness",
      open,
      (space) => {
        const brief = entryOf(1, { createdAt: -2, refreshAt: -1, freshUntil: -1, expiresAt: -1 });
        space.set("1", brief, -2);
        assert.equal(space.get("1"), brief);
        assert.equal(space.size, 1);
      },
    ),
    inSpace("what has not expired stays while there is room, however late it is", open, (space) => {
      const lasting = entryOf("lasting");
      const lastingTill = entryOf("lasting till 2e9", { expiresAt: 2e9 });
      space.set("1", lasting, 0);
      space.set("2", lastingTill, 0);
      space.set("3", entryOf("brief", { expiresAt: 1 }), 0);
      for (const now of [1, 1e6, 1e9]) {
        for (let id = 0; id < 5; id++) space.set(`later ${id}`, entryOf(id), now);
        assert.equal(space.get("1"), lasting);
        assert.equal(space.get("2"), lastingTill);
      }
    }),
    inSpace("an entry takes the place of one that has expired", open, (space) => {
      const later = entryOf("later");
      space.set("1", entryOf("earlier", { expiresAt: 1 }), 0);
      space.set("1", later, 5);
      assert.equal(space.get("1"), later);
      assert.equal(space.size, 1);
    }),
  ];
}

function removals(open: Open): readonly ContractCase[] {
  return [
    inSpace("a deleted id is absent and the others stay", open, (space) => {
      space.set("1", entryOf(1), 0);
      space.set("2", entryOf(2), 0);
      space.delete("1");
      assert.equal(space.get("1"), undefined);
      assert.equal(space.get("2")?.value, 2);
      assert.equal(space.size, 1);
    }),
    inSpace("deleting an absent id does nothing", open, (space) => {
      space.set("1", entryOf(1), 0);
      space.delete("2");
      space.delete("2");
      assert.equal(space.size, 1);
    }),
    inSpace("a cleared space is empty and may be filled again", open, (space) => {
      for (let id = 0; id < 5; id++) space.set(String(id), entryOf(id), 0);
      space.clear();
      assert.equal(space.size, 0);
      assert.equal(space.get("0"), undefined);
      space.set("0", entryOf("again"), 0);
      assert.equal(space.get("0")?.value, "again");
      assert.equal(space.size, 1);
    }),
  ];
}

function separation(open: Open): readonly ContractCase[] {
  return [
    inTwoSpaces("the same id in two spaces is two entries", open, (users, orders) => {
      users.set("1", entryOf("user"), 0);
      assert.equal(orders.get("1"), undefined);
      orders.set("1", entryOf("order"), 0);
      assert.equal(users.get("1")?.value, "user");
      assert.equal(orders.get("1")?.value, "order");
      users.delete("1");
      assert.equal(orders.get("1")?.value, "order");
    }),
    inTwoSpaces("clearing one space leaves the other as it is", open, (users, orders) => {
      users.set("1", entryOf("user"), 0);
      orders.set("1", entryOf("order"), 0);
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
        space.set(String(id), entryOf(id), 0);
        assert.ok(space.size <= maxEntries, `${space.size} entries in a tier of ${maxEntries}`);
      }
      assert.equal(space.size, maxEntries);
      assert.equal(space.get(String(maxEntries * 2 - 1))?.value, maxEntries * 2 - 1);
      assert.equal(space.get("0"), undefined);
    }),
    inSpace("an entry that is read outlives one that is not", open, (space) => {
      space.set("kept", entryOf("kept"), 0);
      for (let id = 0; id < maxEntries * 2; id++) {
        space.set(String(id), entryOf(id), 0);
        assert.equal(space.get("kept")?.value, "kept");
      }
    }),
    inSpace("an entry that is only peeked at does not outlive another for that", open, (space) => {
      if (space.peek === undefined) return;
      space.set("peeked at", entryOf(1), 0);
      for (let id = 0; id < maxEntries * 2; id++) {
        space.set(String(id), entryOf(id), 0);
        space.peek("peeked at");
      }
      assert.equal(space.get("peeked at"), undefined);
    }),
    inTwoSpaces("two spaces together hold no more than the bound", open, (users, orders) => {
      for (let id = 0; id < maxEntries * 2; id++) {
        users.set(String(id), entryOf(id), 0);
        orders.set(String(id), entryOf(id), 0);
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
