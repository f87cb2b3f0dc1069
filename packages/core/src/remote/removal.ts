import type { Ms } from "../contracts/clock.ts";

/** Keys to be removed from a remote tier, and what is to be announced with it. */
export interface Removal {
  readonly keys: readonly string[];
  /** `undefined` where the tier has no bus. */
  readonly announce: string | undefined;
  /** What the keys belong to: to end its generation is to remove them too. `undefined` for what nothing else stands for. */
  readonly namespace?: string | undefined;
  /**
   * Whether it stands for keys that were found and not named: what has been removed with them cannot be told again key by key, so that
   * all of the namespace goes where the tier may have lost it. @defaultValue false
   */
  readonly unlisted?: boolean | undefined;
  /** Called when the tier has followed only after it was pending; until then it still had the keys for others. */
  readonly late?: (() => void) | undefined;
  /** What is to be left in their place, by a tier that can: nothing where this is `undefined`. */
  readonly leaves?: Remains | undefined;
}

/**
 * What an invalidation leaves behind: the value, which is stale from then on; a tombstone, which keeps others from being put there
 * for a while; or a minimum, which keeps out what is of a lower version. `at` is the instant of the invalidation, by the process's clock.
 */
export type Remains =
  | { readonly kind: "stale"; readonly at: Ms }
  | { readonly kind: "tombstone"; readonly at: Ms; readonly holdOffMs: Ms }
  | { readonly kind: "minimum"; readonly version: number; readonly lifeMs: Ms };
