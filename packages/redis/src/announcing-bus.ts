import type { Bus } from "@tiercache/core";
import type { Announcement } from "./announcement.ts";

/** A bus that changes are announced on, each in the script that makes it. */
export interface AnnouncingBus extends Bus {
  /**
   * Has a change made that is announced in some steps, and hands it what each of them has to announce: nothing where there is
   * no text, or where nobody listens yet. What `change` resolves to tells whether it was done: `false` is a refusal, of which
   * nothing was announced. The change begins before this returns.
   *
   * @throws (rejects) What `change` throws.
   */
  announcing<T>(text: string | undefined, change: Change<T>, steps?: number): Promise<T>;
  /** What wakes those who wait, if anybody does, for the script that knows: it may be missed without harm. */
  waking(text: string | undefined): Announcement;
  /** What is listened on does not keep the process alive, now or once it is. */
  unref(): void;
}

/** Makes a change, given what each of its steps announces. All others begin when the first has been done. */
export type Change<T> = (announcements: readonly Announcement[]) => Promise<T>;
