import { describe, expect, vi } from "vitest";
import { inWorlds } from "../matrix.ts";

const inEveryWorld = inWorlds();

describe("the observer", () => {
  inEveryWorld("hears misses, loads and hits by namespace and tier, and no key", async (world) => {
    const users = world.process().namespace("user", { load: (id) => id });
    await users.get("secret-id");
    await world.settled();
    await users.get("secret-id");
    expect(world.observer.events.filter(({ type }) => type !== "tier-called")).toEqual([
      { type: "load-started", namespace: "user", keys: 1 },
      { type: "loaded", namespace: "user", keys: 1, durationMs: 0 },
      { type: "miss", namespace: "user" },
      { type: "hit", namespace: "user", tier: world.tierNames[0] },
    ]);
    expect(JSON.stringify(world.observer.events)).not.toContain("secret-id");
  });

  inEveryWorld("that throws is warned about once and breaks nothing", async (world) => {
    const warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const observer = {
      on: () => {
        throw new Error("broken");
      },
    };
    const users = world.process({ observer }).namespace("user", { load: (id) => id });
    expect(await users.get("1")).toBe("1");
    expect(await users.get("1")).toBe("1");
    expect(warnings).toHaveBeenCalledTimes(1);
    warnings.mockRestore();
  });
});
