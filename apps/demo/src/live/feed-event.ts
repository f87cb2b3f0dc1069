/** Something that happened, for people to read. */
export interface FeedEvent {
  /** Counts up within an instance; later ones are higher. */
  readonly number: number;
  readonly atEpochMs: number;
  readonly instance: string;
  /** How much it matters: `good` and `bad` are news, `plain` is daily work. */
  readonly tone: "good" | "bad" | "plain";
  /** One line, without keys or values. */
  readonly text: string;
  /** How often it happened within a moment, from 1. */
  readonly times: number;
}
