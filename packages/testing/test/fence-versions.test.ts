import { describe, expect, test } from "vitest";
import { failedFence, held } from "./broken-tier.ts";

describe("versions", () => {
  test("that are not looked at are found out", async () => {
    const titles = await failedFence((_, tier) => ({
      async raise(frames, { ttlMs }) {
        for (const { key, frame } of frames) await tier.write(key, frame, { ttlMs });
        return frames.map(() => true);
      },
    }));
    expect(titles).toContain(
      "a versioned frame takes the place of a lower version, whatever holds that, and never of a higher one",
    );
    expect(titles).toContain("a placeholder tells the version of what lies behind it");
    expect(titles).toContain("of many who raise a key at the same time the highest version stays");
  });

  test("that are compared as numbers are found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async raise(frames, asked) {
        const told = frames.map(async ({ key, frame }) => {
          const there = await held(tier, key);
          const isHigher = there?.byteLength === 72 && numberAt(there) >= numberAt(frame);
          return !isHigher && (await sound.raise?.([{ key, frame }], { ...asked, replacesEqual: true }))?.[0] === true;
        });
        return Promise.all(told);
      },
    }));
    expect(titles).toContain(
      "a versioned frame takes the place of a lower version, whatever holds that, and never of a higher one",
    );
  });
});

function numberAt(frame: Uint8Array): number {
  return Number(Buffer.from(frame).readBigUInt64BE(64));
}
