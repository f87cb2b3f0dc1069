import type { CacheOptions, EntryOptions, LoadingNamespace } from "@tiercache/core";
import type { ChaosTier } from "@tiercache/testing";
import { FencedFleet } from "../fence/fenced-fleet.ts";

/** A row as its origin has it. */
export interface Row {
  readonly version: number;
}

/** One process of {@link VersionedUsers}. */
export interface VersionedProcess {
  readonly users: LoadingNamespace<[id: string], Row>;
  readonly tier: ChaosTier;
}

/** Processes that load rows from a replica which may lag behind, and know their versions. */
export class VersionedUsers extends FencedFleet {
  /** What the replica has by now. */
  replica = 1;
  loads = 0;
  isFailing = false;

  /** One more process, which trusts the bus already. */
  async ready(): Promise<VersionedProcess> {
    const one = this.versioned();
    await this.settled();
    return one;
  }

  /** One more process. */
  versioned(rules: EntryOptions = {}, options: Partial<CacheOptions> = {}): VersionedProcess {
    const { cache, tier } = this.process(options);
    const load = (): Row => {
      this.loads++;
      if (this.isFailing) throw new Error("the origin is away");
      return { version: this.replica };
    };
    return { users: cache.namespace("user", { load, version: ({ version }: Row) => version, ...rules }), tier };
  }
}
