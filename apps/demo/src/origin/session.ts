/** That a user is logged in. */
export interface Session {
  readonly userId: number;
  /** Different for each log-in. */
  readonly sessionId: string;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
}
