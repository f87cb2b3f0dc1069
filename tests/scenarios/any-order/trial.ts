import { type Cache, isCacheError, type LoadingNamespace } from "@tiercache/core";
import type { World } from "../matrix.ts";
import { Origin, OriginError, type Value } from "./origin.ts";
import { KEYS, type ReadStep, type Rules, type Step, type TroubleStep, type WriteStep } from "./step.ts";
import { type Answered, type Asked, Witness, type Write } from "./witness.ts";

const DEADLINE_MS = 30;

interface Process {
  readonly cache: Cache;
  readonly values: LoadingNamespace<[id: string], Value>;
  /** How many things it was asked for have not come to rest, refreshes behind included. */
  unrest: number;
}

/**
 * Two processes with the same remote tiers, to which things happen step by step. What is promised of every read is
 * checked when it is answered:
 *
 * - its value was in the origin or was set, under its own key;
 * - it is none that was made before a write of that key by the same process which every tier had followed when the read
 *   began; nor before such a write of the other process, once a copy in the local tier must have ended;
 *   where it is given for want of a load that succeeds, an invalidation does not count, as what is invalidated is kept for that;
 * - it was good enough to answer at some time during the read: fresh, or stale for a reason that the rules allow;
 * - one that is forced to load is given nothing older than itself;
 * - it ends, with a value, the origin's failure or a timeout.
 *
 * What was under way in the other process when a write began may end with an older value being put into a remote tier:
 * such a write proves nothing.
 */
export class Trial {
  readonly witness: Witness;
  readonly #world: World;
  readonly #rules: Rules;
  readonly #origin: Origin = new Origin();
  readonly #processes: readonly Process[];
  readonly #pending = new Set<string>();
  #broken: string | undefined;
  #step = 0;

  constructor(world: World, rules: Rules) {
    this.#world = world;
    this.#rules = rules;
    this.witness = new Witness({
      origin: this.#origin,
      rules,
      hasLocal: world.tierNames.length > world.remotes.length,
      isShared: world.remotes.length > 0,
    });
    this.#processes = [0, 1].map((process) => {
      const cache = world.process({ deadlineMs: DEADLINE_MS });
      const loadMany = (keys: readonly (readonly [id: string])[]): Promise<Value[]> =>
        this.#origin.load(
          { process, step: this.#step },
          keys.map(([key]) => key),
        );
      const load = async (key: string): Promise<Value> => (await loadMany([[key]]))[0] as Value;
      return { cache, values: cache.namespace<Value>("value", { load, loadMany, ...rules }), unrest: 0 };
    });
  }

  /** @throws An error that says which promise was broken. */
  async run(history: readonly Step[]): Promise<void> {
    for (const step of history) {
      this.#step++;
      if (this.#take(step)) await this.#settle();
    }
    await this.#settle();
    // What has been left in the tiers shows where nothing else can answer.
    this.#origin.loads = "failing";
    for (const by of this.#processes.keys()) {
      for (const key of KEYS) this.#read({ does: "read", how: "any", by, key });
    }
    // Longer than any deadline and the hard timeout, one after the other; tiers that hang go on hanging.
    for (let round = 0; round < 4; round++) {
      await this.#settle();
      this.#world.clock.advance(500);
    }
    await this.#settle();
    const [hanging] = this.#pending;
    if (hanging !== undefined) throw new Error(`${hanging} has never ended`);
  }

  /** Returns whether all that can run must run before the next step. */
  #take(step: Step): boolean {
    const { does } = step;
    if (does === "read") this.#read(step);
    if (does === "write") this.#write(step);
    if (does === "load") this.#origin.loads = step.how;
    if (does === "end load") this.#origin.endOne(step.which, step.succeeds);
    if (does === "advance") this.#world.clock.advance(step.ms);
    if (does === "trouble") this.#trouble(step);
    return does === "settle" || does === "advance" || does === "trouble";
  }

  #trouble({ what, tier: index }: TroubleStep): void {
    const tier = this.#world.remotes[index];
    if (tier === undefined) return;
    if (what === "fail") tier.fail();
    else if (what === "heal") tier.heal();
    else {
      // Requests are done in the order in which they were sent, as on one connection. Late removals take nothing back.
      tier.release();
      if (what === "hang") tier.hang();
      if (what === "answer late") tier.hold();
      if (what === "answer reads late") tier.hold("read");
      if (what === "remove late") tier.hold("remove", "request");
    }
  }

  #write({ how, by, key }: WriteStep): void {
    const { values } = this.#process(by);
    const { clock } = this.#world;
    const isSoft = how === "invalidate" && this.#rules.staleIfErrorMs > 0;
    const contested = this.#isBusy(1 - by);
    const write: Write = { process: by, key, step: this.#step, isSoft, doneAt: undefined, contested };
    this.witness.begins(write);
    const writing =
      how === "set" ? values.set(key, this.#origin.written(key, this.#step, clock.now())) : values[how](key);
    const told = writing.then(({ status }) => {
      if (status === "done") write.doneAt = clock.now();
    });
    this.#follow(by, `${how} of ${key}`, told);
  }

  #read({ how, by, key }: ReadStep): void {
    const { values } = this.#process(by);
    const asked = (how === "getMany" ? KEYS : [key]).map((each) => this.#asked(by, how, each));
    if (how === "peek") {
      this.#check(asked, [{ value: values.peek(key), stale: undefined }]);
      return;
    }
    const answers = answersTo(values, how, key);
    this.#follow(
      by,
      `${how} of ${key}`,
      answers.then((found) => this.#check(asked, found)),
    );
  }

  #asked(process: number, how: ReadStep["how"], key: string): Asked {
    return {
      process,
      key,
      step: this.#step,
      at: this.#world.clock.now(),
      madeSince: how === "load" ? this.#step : this.witness.lastWrite(process, key, false),
      madeSinceInNeed: how === "load" ? this.#step : this.witness.lastWrite(process, key, true),
      mayFindNothing: how === "peek" || how === "cached",
    };
  }

  #check(asked: readonly Asked[], answers: readonly Answered[]): void {
    for (const [position, each] of asked.entries()) {
      const answer = answers[position] as Answered;
      const objection = this.witness.objection(each, answer, this.#world.clock.now());
      const told = `The answer to process ${each.process} at step ${each.step}, ${JSON.stringify(answer)},`;
      if (objection !== undefined) this.#broken ??= `${told} ${objection}`;
    }
  }

  /** Whether a process has something under way. */
  #isBusy(process: number): boolean {
    return this.#process(process).unrest > 0 || this.#origin.isLoadingFor(process);
  }

  #follow(by: number, what: string, work: Promise<unknown>): void {
    const process = this.#process(by);
    const name = `${what} by ${by} at step ${this.#step}`;
    this.#pending.add(name);
    process.unrest++;
    const ended = work
      .catch((error: unknown) => {
        const isExpected = error instanceof OriginError || (isCacheError(error) && error.code === "LOAD_TIMEOUT");
        if (!isExpected) this.#broken ??= `${name} has failed with ${String(error)}`;
      })
      .then(() => this.#pending.delete(name));
    void Promise.all([ended, process.cache.drain()]).then(() => process.unrest--);
  }

  #process(index: number): Process {
    return this.#processes[index] as Process;
  }

  async #settle(): Promise<void> {
    await this.#world.settled();
    this.#origin.settled(this.#world.clock.now());
    if (this.#broken !== undefined) throw new Error(this.#broken);
  }
}

/** Asks at once. */
async function answersTo(
  values: Process["values"],
  how: Exclude<ReadStep["how"], "peek">,
  key: string,
): Promise<Answered[]> {
  if (how === "get") return [{ value: await values.get(key) }];
  if (how === "getMany") return (await values.getMany(KEYS)).map((value) => ({ value }));
  return [await values.read(key, { from: how })];
}
