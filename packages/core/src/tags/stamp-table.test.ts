import { describe, expect, test } from "vitest";
import { StampTable } from "./stamp-table.ts";
import { type FoundToken, GONE, type TagStamp } from "./tag-stamp.ts";

function tableOf(knowsAll = true, maxTags = 100): StampTable {
  return new StampTable({ maxTags, knowsAll });
}

function found(token: bigint, former: FoundToken["former"] = []): FoundToken {
  return { token, expiresAt: 1_000, keptUntil: 1_000, former };
}

function learned(table: StampTable, name: string, token: FoundToken | undefined): TagStamp {
  table.learn(table.of(name), { found: token, epoch: 3 });
  return table.of(name);
}

describe("an incarnation of a tag", () => {
  test("is one and the same for all who ask, until it ends, which is once and for ever", () => {
    const table = tableOf();
    const first = table.of("a");
    expect(table.of("a")).toBe(first);
    expect(first).toMatchObject({ isCurrent: true, endedAt: Number.POSITIVE_INFINITY });
    table.end("a", 50);
    expect(first).toMatchObject({ isCurrent: false, endedAt: 50 });
    expect(table.of("a")).not.toBe(first);
    table.end("a", 70);
    expect(first.endedAt).toBe(50);
  });

  test("that was invalidated is deleted with the one after it", () => {
    const table = tableOf();
    const first = table.of("a");
    table.end("a", 50);
    table.end("a", GONE);
    expect(first.endedAt).toBe(GONE);
  });

  test("that is remembered no longer is as good as deleted", () => {
    const table = tableOf();
    const stamps = Array.from({ length: 6 }, (_, at) => {
      const stamp = table.of("a");
      table.end("a", at);
      return stamp;
    });
    expect(stamps.map(({ endedAt }) => endedAt)).toEqual([GONE, GONE, 2, 3, 4, 5]);
  });

  test("takes over what was read of it, unless it has ended since", () => {
    const table = tableOf();
    const stamp = table.of("a");
    table.end("a", GONE);
    table.learn(stamp, { found: found(1n), epoch: 3 });
    expect([stamp.token, table.of("a").token]).toEqual([undefined, undefined]);
    expect(learned(table, "a", found(2n))).toMatchObject({ token: 2n, epoch: 3, isCurrent: true });
  });

  test("of which another token is found has ended: when the tier says, or for good", () => {
    const table = tableOf();
    const first = learned(table, "a", found(1n));
    const second = learned(table, "a", found(2n, [{ token: 1n, endedAt: 40 }]));
    expect([first.endedAt, second.token, first.replacedBy]).toEqual([40, 2n, second]);
    expect(second.formerly(1n)).toBe(first);
    learned(table, "a", found(3n));
    expect([first.endedAt, second.endedAt]).toEqual([GONE, GONE]);
  });

  test("whose token is lost has ended for good", () => {
    const table = tableOf();
    const first = learned(table, "a", found(1n));
    const second = learned(table, "a", undefined);
    expect([first.endedAt, second.token, first.replacedBy]).toEqual([GONE, undefined, second]);
  });

  test("of before that the tier does not remember was deleted, if that remembers all", () => {
    for (const knowsAll of [true, false]) {
      const table = tableOf(knowsAll);
      const first = learned(table, "a", found(1n));
      table.end("a", 50);
      learned(table, "a", found(2n));
      expect(first.endedAt).toBe(knowsAll ? GONE : 50);
    }
  });

  test("tells what it was known before", () => {
    const table = tableOf();
    const before = table.learned;
    const stamp = learned(table, "a", found(1n));
    expect([stamp.learnedAt > before, stamp.learnedAt <= table.learned]).toEqual([true, true]);
    const { learnedAt } = stamp;
    expect(learned(table, "a", found(1n)).learnedAt).toBe(learnedAt);
  });
});

describe("a table of stamps", () => {
  test("takes for ended what it has no room for, the one that was not asked for for longest", () => {
    const table = tableOf(true, 2);
    const [a, b] = [table.of("a"), table.of("b")];
    table.of("a");
    const c = table.of("c");
    expect([a, b, c].map(({ endedAt }) => endedAt)).toEqual([Number.POSITIVE_INFINITY, GONE, Number.POSITIVE_INFINITY]);
    expect(table.size).toBe(2);
  });

  test("keeps what is pinned whatever happens, and tells of its ends", () => {
    const table = tableOf(true, 1);
    let ends = 0;
    table.pin(":user", () => ends++);
    const first = table.of(":user");
    for (const name of ["a", "b", "c"]) table.of(name);
    expect(table.of(":user")).toBe(first);
    table.end(":user", GONE);
    expect([ends, first.isCurrent, table.of(":user").isCurrent]).toEqual([1, false, true]);
    learned(table, ":user", found(1n));
    learned(table, ":user", found(2n));
    expect(ends).toBe(2);
  });

  test("knows of the last ends whose they were, and of those before that it does not", () => {
    const table = tableOf(true, 2);
    const { ends } = table;
    table.end("a", 1);
    expect([table.hasEndedSince("a", ends), table.hasEndedSince("b", ends)]).toEqual([true, false]);
    for (const name of ["b", "c"]) table.end(name, 1);
    expect(table.hasEndedSince("d", ends)).toBe(true);
    expect(table.hasEndedSince("d", table.ends)).toBe(false);
  });
});
