import type { Ms } from "@tiercache/core";

/** The longest life that is handed to the server; a frame of a longer one has no end there. */
const LONGEST_LIFE_MS: Ms = 2 ** 53 - 1;

/** A life as the server takes it: whole ms, rounded up, at least 1, since none means gone, and no longer than it can count. */
export function wholeMs(lifeMs: Ms): Ms {
  return Math.min(Math.max(1, Math.ceil(lifeMs)), LONGEST_LIFE_MS);
}

/** A life for a script: {@link wholeMs} as text, or empty for no end. */
export function lifeText(lifeMs: Ms): string {
  return hasNoEnd(lifeMs) ? "" : String(wholeMs(lifeMs));
}

export function hasNoEnd(lifeMs: Ms): boolean {
  return lifeMs > LONGEST_LIFE_MS;
}
