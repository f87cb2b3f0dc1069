import type { Ms } from "@tiercache/core";

/** The longest life that is handed to the server; anything longer has no end there. */
const LONGEST_LIFE_MS: Ms = 2 ** 53 - 1;

/** A life as the server takes it: whole ms, rounded up and at least 1, since none means gone. */
export function wholeMs(lifeMs: Ms): Ms {
  return Math.max(1, Math.ceil(lifeMs));
}

/** A life for a script: {@link wholeMs} as text, or empty for no end. */
export function lifeText(lifeMs: Ms): string {
  return hasNoEnd(lifeMs) ? "" : String(wholeMs(lifeMs));
}

/** The life of what must have an end: {@link wholeMs}, as long as the server can count. */
export function endingMs(lifeMs: Ms): Ms {
  return Math.min(wholeMs(lifeMs), LONGEST_LIFE_MS);
}

export function hasNoEnd(lifeMs: Ms): boolean {
  return lifeMs > LONGEST_LIFE_MS;
}
