import { type Cache, createCache, type Namespace, type RemoteTier, type Tiers } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { type ChaosTier, chaos, type ManualClock, manualClock, memoryTier } from "@tiercache/testing";
import { givenTokens } from "../given-tokens.ts";

/** Two remote tiers of one clock, for processes that stack them as a test likes. */
export class Three {
  readonly clock: ManualClock = manualClock();
  readonly near: ChaosTier = chaos(
    givenTokens(memoryTier({ clock: this.clock, name: "near", epochMs: 9_000_000 }), "text", "session"),
  );
  readonly far: ChaosTier = chaos(
    givenTokens(memoryTier({ clock: this.clock, name: "far", epochMs: 5_000 }), "text", "session"),
  );

  /** The cache of one more process, with a local tier in front. */
  cacheOver(...tiers: readonly RemoteTier[]): Cache {
    return createCache({ tiers: [lru(), ...tiers], clock: this.clock, horizonMs: Number.POSITIVE_INFINITY });
  }

  /** The texts of one more process. */
  textsOver(...tiers: readonly RemoteTier[]): Namespace<[id: string], string> {
    return this.cacheOver(...tiers).namespace<string>("text", { ttlMs: 1_000 });
  }

  /** Lets everything run that waits for no reply and no timer. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }

  /** The text "a" that each of the tiers holds by itself. */
  heldIn(...tiers: readonly RemoteTier[]): Promise<readonly (string | undefined)[]> {
    const { clock } = this;
    const alone = (tier: RemoteTier) =>
      createCache({ tiers: [tier] as Tiers, clock })
        .namespace<string>("text")
        .get("a");
    return Promise.all(tiers.map(alone));
  }
}
