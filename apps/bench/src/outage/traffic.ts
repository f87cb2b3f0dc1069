/** What is read, in the version that its origin has. */
export interface Job {
  readonly id: string;
  readonly version: number;
}

/** Whatever caches jobs. */
export interface Jobs {
  get(id: string): Promise<unknown>;
  invalidate(id: string): Promise<unknown>;
}

/** One read: when it began and how long it took. */
export interface Sample {
  readonly startedAt: number;
  readonly tookMs: number;
}

const REQUESTS_A_SECOND = 100;
const WARM_KEYS = 20;

/**
 * Steady traffic: a hundred requests a second, each of which reads a key that the local tier has and one that no tier has, and every
 * tenth of which changes a key and reads it again. What is read is compared with what it must be.
 */
export class Traffic {
  readonly warm: Sample[] = [];
  readonly cold: Sample[] = [];
  /** What a request would take that asks for nothing: a turn of the event loop of this machine. */
  readonly floor: Sample[] = [];
  errors = 0;
  wrongValues = 0;
  openCalls = 0;
  /** When the cold reads began that have not come back. */
  readonly #waiting = new Set<number>();
  readonly #versions = new Map<string, number>();
  #jobs: Jobs | undefined;
  #requests = 0;
  #timer: NodeJS.Timeout | undefined;

  /** The origin: what a cache of jobs is to load with. */
  readonly load = async (id: string): Promise<Job> => ({ id, version: this.#versionOf(id) });

  /** Fills the local tier, then begins. */
  async start(jobs: Jobs): Promise<void> {
    this.#jobs = jobs;
    for (let key = 0; key < WARM_KEYS; key++) await jobs.get(`warm-${key}`);
    const startedAt = performance.now();
    this.#timer = setInterval(() => {
      // By the time and not by the timer, which is late at times.
      const due = ((performance.now() - startedAt) / 1_000) * REQUESTS_A_SECOND;
      while (this.#requests < due) void this.#request(this.#requests++);
    }, 1);
  }

  /** Ends it, and waits for what is open, if that ever ends. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const giveUpAt = performance.now() + 2_000;
    while (this.openCalls > 0 && performance.now() < giveUpAt) await new Promise(setImmediate);
    // Who still waits has waited for so long at least.
    for (const startedAt of this.#waiting) this.cold.push({ startedAt, tookMs: performance.now() - startedAt });
  }

  async #request(number: number): Promise<void> {
    const startedAt = performance.now();
    setImmediate(() => this.floor.push({ startedAt, tookMs: performance.now() - startedAt }));
    const reads = [
      this.#read(`warm-${number % WARM_KEYS}`, this.warm),
      this.#read(`cold-${number}-${Math.random()}`, this.cold),
    ];
    if (number % 10 === 0) reads.push(this.#change(`changing-${(number / 10) % WARM_KEYS}`));
    await Promise.all(reads);
  }

  async #change(id: string): Promise<void> {
    this.#versions.set(id, this.#versionOf(id) + 1);
    this.openCalls++;
    try {
      await this.#jobs?.invalidate(id);
    } catch {
      this.errors++;
    } finally {
      this.openCalls--;
    }
    await this.#read(id, []);
  }

  async #read(id: string, samples: Sample[]): Promise<void> {
    const version = this.#versionOf(id);
    const startedAt = performance.now();
    this.openCalls++;
    if (samples === this.cold) this.#waiting.add(startedAt);
    try {
      const job = (await this.#jobs?.get(id)) as Job | undefined;
      if (job?.id !== id || job.version < version) this.wrongValues++;
    } catch {
      this.errors++;
    } finally {
      this.openCalls--;
      this.#waiting.delete(startedAt);
      samples.push({ startedAt, tookMs: performance.now() - startedAt });
    }
  }

  #versionOf(id: string): number {
    return this.#versions.get(id) ?? 0;
  }
}
