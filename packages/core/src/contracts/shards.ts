/**
 * The ability of a remote tier to say where a key lies, where its keys are spread over several servers, of which one may be away while
 * the others answer. What is asked of different shards is then asked apart, so that the one that is away takes nothing from the others.
 */
export interface Shards {
  /** The name of the shard that a key lies on at present. Must not block and must not throw. */
  of(key: string): string;
  /**
   * Whether any shard answers, as far as is known: then a call that fails speaks against the shard that it went to, and not against the
   * tier. Must not block and must not throw.
   */
  readonly isAnyThere: boolean;
  /** Whether any shard does not answer, as far as is known. Must not block and must not throw. */
  readonly isAnyAway: boolean;
}
