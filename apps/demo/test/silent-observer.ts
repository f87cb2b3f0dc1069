import type { Observer } from "@tiercache/core";

/** Hears nothing. */
export const silent: Observer = { on: () => {} };
