import type { Origins } from "../service/origins.ts";

/** How much there is in the origins. */
export interface Population {
  /** The users are 1 to this. */
  readonly userCount: number;
  /** The jobs are 1 to this. */
  readonly jobCount: number;
}

/** Counts what is there, by looking. */
export async function populationOf({ jobs, users }: Origins): Promise<Population> {
  let none = 1;
  while (users.user(none) !== undefined) none *= 2;
  let some = Math.floor(none / 2);
  while (none - some > 1) {
    const middle = Math.floor((some + none) / 2);
    if (users.user(middle) === undefined) none = middle;
    else some = middle;
  }
  return { userCount: some, jobCount: Math.max(0, ...(await jobs.listAll()).map(({ id }) => id)) };
}
