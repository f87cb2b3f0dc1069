import { describe, expect, test } from "vitest";
import { failedBus } from "./broken-tier.ts";

const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a change", () => {
  test("that is announced before it is made is found out", async () => {
    const titles = await failedBus(
      () => ({}),
      (tier) => ({
        async write(key, frame, { announce, ...call }) {
          if (announce !== undefined) await tier.bus.publish(announce).catch(() => {});
          await later();
          await tier.write(key, frame, call);
        },
        async remove(keys, { announce }) {
          if (announce !== undefined) await tier.bus.publish(announce).catch(() => {});
          await later();
          await tier.remove(keys);
        },
      }),
    );
    expect(titles).toEqual([
      "a write is announced, and found done by who hears of it",
      "a removal is announced, and found done by who hears of it",
    ]);
  });

  test("that is not announced is found out", async () => {
    const titles = await failedBus(
      () => ({}),
      (tier) => ({
        write: (key, frame, { ttlMs }) => tier.write(key, frame, { ttlMs }),
        remove: (keys) => tier.remove(keys),
        renew: (key, { expected, header, ttlMs }) => tier.renew(key, { expected, header, ttlMs }),
      }),
    );
    expect(titles).toEqual([
      "an echo comes behind everything that was announced before, by whomever",
      "a write is announced, and found done by who hears of it",
      "a removal is announced, and found done by who hears of it",
      "a removal is announced also where nothing was",
      "a frame that is prolonged is announced, and one that is not is not",
    ]);
  });

  test("that is announced where nothing was asked for is found out", async () => {
    const titles = await failedBus(
      () => ({}),
      (tier) => ({ remove: (keys, call) => tier.remove(keys, { announce: "removed", ...call }) }),
    );
    expect(titles).toContain("a change that is not to be announced is not");
  });

  test("that is announced only where something was is found out", async () => {
    const titles = await failedBus(
      () => ({}),
      (tier) => ({
        async remove(keys, call) {
          const wasThere = (await tier.readMany(keys)).some((frame) => frame !== undefined);
          await tier.remove(keys, wasThere ? call : {});
        },
      }),
    );
    expect(titles).toContain("a removal is announced also where nothing was");
  });

  test("that is refused and announced is found out", async () => {
    const titles = await failedBus(
      () => ({}),
      (tier) => ({
        async renew(key, { announce, ...renewal }) {
          const done = await tier.renew(key, renewal);
          if (announce !== undefined) await tier.bus.publish(announce);
          return done;
        },
      }),
    );
    expect(titles).toEqual(["a frame that is prolonged is announced, and one that is not is not"]);
  });

  test("that fails before anybody listens is found out", async () => {
    const titles = await failedBus(
      () => ({}),
      (tier) => ({
        async write(key, frame, { announce, ...call }) {
          await tier.write(key, frame, call);
          if (announce !== undefined) await tier.bus.publish(announce);
        },
      }),
    );
    expect(titles).toEqual(["what is announced before the tier listens is done, and goes nowhere"]);
  });
});
