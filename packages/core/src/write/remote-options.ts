import { CacheError } from "../errors.ts";
import { checkOptions, type OptionRule } from "../option-rules.ts";

/**
 * How a write or an invalidation ended. The local tier has always followed; `status` speaks of the remote ones:
 *
 * - `done`: every remote tier has followed too.
 * - `queued`: at least one could not be told yet. It is told as soon as it can be, and this process does not read it before;
 *   others may see the old value there until then. Which one and why is told to the observer. What is queued is lost with
 *   the process.
 */
export interface WriteResult {
  readonly status: "done" | "queued";
}

/** What a caller asks of a write or an invalidation. */
export interface RemoteOptions {
  /**
   * Whether to reject with `TIER_FAILED` where the result would be `queued`. It stays queued all the same. @defaultValue false
   */
  readonly requireRemote?: boolean;
}

/** What each of the {@link RemoteOptions} accepts. */
export const remoteOptionRules: Readonly<Record<keyof RemoteOptions, OptionRule>> = {
  requireRemote: { allowed: "true or false", accepts: (value) => typeof value === "boolean" },
};

export const DONE: WriteResult = Object.freeze({ status: "done" });
export const QUEUED: WriteResult = Object.freeze({ status: "queued" });

/** The result of something that tells whether every remote tier has followed. */
export async function resultOf(followed: Promise<boolean>): Promise<WriteResult> {
  return (await followed) ? DONE : QUEUED;
}

/**
 * The result as it was asked for.
 *
 * @throws (rejects) {@link CacheError} `TIER_FAILED` where the remote tiers had to follow and have not.
 */
export async function asRequired(
  result: Promise<WriteResult>,
  { requireRemote = false }: RemoteOptions = {},
): Promise<WriteResult> {
  const { status } = await result;
  if (status === "done" || !requireRemote) return result;
  throw new CacheError("TIER_FAILED", "A remote tier could not be told yet, as requireRemote asks for; it will be.");
}

/** Checks what a caller asks. @throws `INVALID_OPTION`. */
export function checkRemoteOptions(owner: string, options: RemoteOptions | undefined): void {
  checkOptions(owner, options, remoteOptionRules);
}
