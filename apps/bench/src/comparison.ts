/** One way to do a thing, measured beside others. */
export interface Contender {
  readonly name: string;
  /** Does the thing so many times, one after another. */
  run(times: number): Promise<void>;
}

/** Ways to do the same thing. The first one is the floor: what no cache can be expected to do without. */
export interface Comparison {
  readonly name: string;
  /** How often each contender does the thing in a round. */
  readonly timesPerRound: number;
  readonly contenders: readonly [floor: Contender, ...others: Contender[]];
}

/** What one contender took. */
export interface Result {
  readonly comparison: string;
  readonly contender: string;
  /** Of one time, in ns: the median of the rounds. */
  readonly medianNs: number;
  /** The median of the rounds' own ratios to the floor: 1 for the floor itself, 2 for twice its time. */
  readonly ratio: number;
}

/**
 * Measures all contenders in alternating rounds, so that whatever slows the machine down slows all of them. Ratios are
 * taken within each round; absolute times wander from run to run and say little.
 */
export async function measure({ name, timesPerRound, contenders }: Comparison, rounds: number): Promise<Result[]> {
  for (const contender of contenders) await contender.run(timesPerRound);
  const tookNs = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const startedAt = process.hrtime.bigint();
      await contender.run(timesPerRound);
      tookNs[index]?.push(Number(process.hrtime.bigint() - startedAt) / timesPerRound);
    }
  }
  const floorNs = tookNs[0] ?? [];
  return contenders.map((contender, index) => {
    const ownNs = tookNs[index] ?? [];
    const ratios = ownNs.map((ns, round) => ns / (floorNs[round] ?? ns));
    return { comparison: name, contender: contender.name, medianNs: median(ownNs), ratio: median(ratios) };
  });
}

/** The middle of the numbers; the upper of two middles. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
