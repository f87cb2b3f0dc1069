import { InterleavingError } from "../src/index.ts";

/** How an exploration fails, which it must. */
export async function failureOf(exploration: Promise<unknown>): Promise<InterleavingError> {
  const error: unknown = await exploration.catch((reason: unknown) => reason);
  if (error instanceof InterleavingError) return error;
  throw new Error("It did not fail as an interleaving.", { cause: error });
}
