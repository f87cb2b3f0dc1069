import { setTimeout } from "node:timers/promises";

const askEveryMs = 20;

/**
 * Asks again and again until it holds; only a failure takes the whole time. What rejects does not hold yet.
 *
 * @throws an `Error` that names what did not come to hold
 */
export async function awaitUntil(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs: number = 30_000,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!(await held(holds))) {
    if (performance.now() > giveUpAt) throw new Error(`It did not come to hold within ${withinMs} ms: ${what}`);
    await setTimeout(askEveryMs);
  }
}

async function held(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await holds();
  } catch {
    return false;
  }
}
