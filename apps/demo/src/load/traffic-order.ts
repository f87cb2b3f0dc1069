/** What the load shall be. */
export interface TrafficOrder {
  /** The addresses of the instances; visits go to them in turn. */
  readonly addresses: readonly string[];
  /** How many requests a second are meant; a service that is slower gets fewer. */
  readonly perSecond: number;
  /** Of Zipf's law. */
  readonly exponent: number;
  readonly seed: number;
  readonly userCount: number;
  readonly jobCount: number;
}

/** What the load was like since the report before. */
export interface TrafficReport {
  readonly forMs: number;
  readonly requests: number;
  readonly failures: number;
  /** Requests that needed a provider which had failed. */
  readonly unprovided: number;
  /** 0 where there were no requests. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}
