import type { ChaosOperation, ChaosTier } from "@tiercache/testing";

/**
 * What was asked of a remote tier for values, as the tier itself tells it of everything: what it was asked besides, for the
 * tokens of tags and generations, is left out. That is looked at where tags are.
 */
export class ValuesIn {
  readonly #tier: ChaosTier;

  constructor(tier: ChaosTier) {
    this.#tier = tier;
  }

  /** The keys of each read, one list a call. */
  get reads(): readonly (readonly string[])[] {
    return this.keysOf("read");
  }

  get writes(): readonly string[] {
    return this.keysOf("write").flat();
  }

  get renewals(): readonly string[] {
    return this.keysOf("renew").flat();
  }

  get removals(): readonly (readonly string[])[] {
    return this.keysOf("remove");
  }

  count(operation: ChaosOperation): number {
    return this.keysOf(operation).length;
  }

  /** The keys of each call of an operation, one list a call. */
  keysOf(operation: ChaosOperation): readonly (readonly string[])[] {
    return this.#tier
      .keysOf(operation)
      .map(keysOfValues)
      .filter((keys) => keys.length > 0);
  }
}

export function valuesIn(tier: ChaosTier): ValuesIn {
  return new ValuesIn(tier);
}

/** Those of some keys under which values lie. */
export function keysOfValues(keys: readonly string[]): readonly string[] {
  return keys.filter((key) => !/(^|\/):(tag|generation):/.test(key));
}
