import type { CallEnd } from "./tier-calls.ts";

/** How an attempt to replace a frame has ended; `failed` where nobody knows. */
export type CommitEnd = "committed" | "refused" | "failed";

/** That of one which was not made. */
export const FAILED: Promise<CommitEnd> = Promise.resolve("failed");

/** What has become of a frame by how the call has ended. */
export function commitEnd(end: CallEnd<boolean>): CommitEnd {
  if (!("answer" in end)) return "failed";
  return end.answer ? "committed" : "refused";
}
