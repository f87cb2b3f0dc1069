/**
 * What a round has found, by the names of what was measured. Contenders are compared by the first, of which less is better;
 * what is timed is in ns.
 */
export type Figures = Readonly<Record<string, number>>;

/** One way to do a thing, measured beside others. */
export interface Contender {
  readonly name: string;
  /** What is wrong with what it gives back. Such a contender is listed, and not measured. */
  readonly wrong?: string | undefined;
  /** Does the thing so many times, and is timed; or measures by itself, and returns what it has found. */
  // oxlint-disable-next-line typescript/no-invalid-void-type
  run(times: number): Promise<Figures | void>;
}

/** Ways to do the same thing. The first one is the floor: what no cache can be expected to do without. */
export interface Comparison {
  readonly name: string;
  /** How often each contender does the thing in a round. */
  readonly timesPerRound: number;
  readonly contenders: readonly [floor: Contender, ...others: Contender[]];
}
