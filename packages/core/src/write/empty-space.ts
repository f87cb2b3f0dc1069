import type { LocalSpace } from "../contracts/tier.ts";

/** The local space of a cache without a local tier. */
export const emptySpace: LocalSpace<never> = {
  size: 0,
  get: () => undefined,
  set: () => {},
  delete: () => {},
  clear: () => {},
  ids: () => [],
};
