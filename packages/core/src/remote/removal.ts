/** Keys to be removed from a remote tier, and what is to be announced with it. */
export interface Removal {
  readonly keys: readonly string[];
  /** `undefined` where the tier has no bus. */
  readonly announce: string | undefined;
  /** Called when the tier has followed only after it was pending; until then it still had the keys for others. */
  readonly late?: (() => void) | undefined;
}
