import { CacheError, type Entry, type LocalShare, type LocalSpace, type LocalTier } from "@tiercache/core";
import { describe, expect, test } from "vitest";
import { localTierSuite } from "./local-tier-suite.ts";

type Entries = Map<string, Entry<unknown>>;

/** A local tier of plain maps, the least recently used first, that grants no shares. */
function mapTier(
  maxEntries: number,
  change: (space: LocalSpace<unknown>, entries: Entries) => void = () => {},
): LocalTier {
  const all: Entries[] = [];
  return {
    name: "map",
    open<V>(_namespace: string, share?: LocalShare) {
      if (share !== undefined) throw new CacheError("INVALID_OPTION", "A tier of maps grants no shares.");
      const entries: Entries = new Map();
      all.push(entries);
      const space = spaceOf(entries, () => {
        while (all.reduce((sum, each) => sum + each.size, 0) > maxEntries) {
          const largest = all.toSorted((a, b) => b.size - a.size)[0] as Entries;
          largest.delete([...largest.keys()][0] as string);
        }
      });
      change(space, entries);
      return space as LocalSpace<V>;
    },
  };
}

function spaceOf(entries: Entries, trim: () => void): LocalSpace<unknown> {
  return {
    get size() {
      return entries.size;
    },
    get(id) {
      const entry = entries.get(id);
      if (entry !== undefined) {
        entries.delete(id);
        entries.set(id, entry);
      }
      return entry;
    },
    peek: (id) => entries.get(id),
    set(id, entry) {
      entries.delete(id);
      entries.set(id, entry);
      trim();
    },
    delete: (id) => void entries.delete(id),
    clear: () => entries.clear(),
  };
}

describe("a tier of plain maps", () => {
  for (const { title, run } of localTierSuite(() => mapTier(20), { maxEntries: 20 })) test(title, run);
});

async function failed(open: () => LocalTier): Promise<string[]> {
  const titles: string[] = [];
  for (const { title, run } of localTierSuite(open, { maxEntries: 20 })) await run().catch(() => titles.push(title));
  return titles;
}

test("a tier without bounds is found out", async () => {
  const titles = await failed(() => mapTier(1_000));
  expect(titles).toContain("one space holds no more than the bound, and the newest entries");
  expect(titles).toContain("two spaces together hold no more than the bound");
});

function oneSpaceTier(): LocalTier {
  const space = mapTier(20).open("all");
  return { name: "one", open: <V>() => space as LocalSpace<V> };
}

test("a tier whose spaces are one is found out", async () => {
  expect(await failed(oneSpaceTier)).toContain("the same id in two spaces is two entries");
});

test("a tier to which a look is a use is found out", async () => {
  const titles = await failed(() =>
    mapTier(20, (space) => {
      space.peek = (id) => space.get(id);
    }),
  );
  expect(titles).toEqual(["an entry that is only peeked at does not outlive another for that"]);
});

test("a tier that cannot tell a look from a use need not", async () => {
  const withoutPeek = (): LocalTier =>
    mapTier(20, (space) => {
      delete space.peek;
    });
  expect(await failed(withoutPeek)).toEqual([]);
});

test("a tier that judges entries by a clock of its own is found out", async () => {
  const titles = await failed(() =>
    mapTier(20, (space, entries) => {
      space.get = (id) => {
        const entry = entries.get(id);
        return entry === undefined || entry.expiresAt <= performance.now() ? undefined : entry;
      };
    }),
  );
  expect(titles).toContain(
    "an entry is returned whatever a clock of the tier's own may say: the cache judges freshness",
  );
});

test("a tier that forgets everything once an entry has expired is found out", async () => {
  const titles = await failed(() =>
    mapTier(20, (space, entries) => {
      space.set = (id, entry, now) => {
        if ([...entries.values()].some(({ expiresAt }) => expiresAt <= now)) entries.clear();
        entries.set(id, entry);
      };
    }),
  );
  expect(titles).toContain("what has not expired stays while there is room, however late it is");
});

test("a tier that takes shares and does not heed them is found out", async () => {
  const heedless = (): LocalTier => {
    const tier = mapTier(20);
    return { name: "heedless", open: (namespace) => tier.open(namespace) };
  };
  expect(await failed(heedless)).toEqual([
    "a space is not pushed below the minShare it was granted, opened early or late",
    "a space never exceeds the maxShare it was granted, and holds the newest entries",
    "shares that together are more than the tier are not all granted",
  ]);
});

test("a tier that refuses shares with an error of its own is found out", async () => {
  const titles = await failed(() => {
    const tier = mapTier(20);
    return {
      name: "curt",
      open(namespace, share) {
        if (share !== undefined) throw new TypeError("no shares");
        return tier.open(namespace);
      },
    };
  });
  expect(titles).toContain("shares that together are more than the tier are not all granted");
});

test("a tier that copies its entries is found out", async () => {
  const titles = await failed(() =>
    mapTier(20, (space, entries) => {
      space.get = (id) => {
        const entry = entries.get(id);
        return entry === undefined ? undefined : { ...entry };
      };
    }),
  );
  expect(titles).toContain("what was set is got back as the same object");
});
