/** Keys to be removed from a remote tier, and what is to be announced with it. */
export interface Removal {
  readonly keys: readonly string[];
  /** `undefined` where the tier has no bus. */
  readonly announce: string | undefined;
  /** What the keys belong to: to end its generation is to remove them too. `undefined` for what nothing else stands for. */
  readonly namespace?: string | undefined;
}
