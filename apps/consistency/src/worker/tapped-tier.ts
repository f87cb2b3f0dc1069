import type { Bus, BusListener, Fence, RemoteCall, RemoteChange, RemoteTier, RemoteWrite } from "@tiercache/core";
import type { RemovalEvent } from "../history/event.ts";
import type { Recorder } from "../history/recorder.ts";
import { monotonicMs } from "../monotonic.ts";

/** The id within its key in the tier: the keys of this program have nothing to escape. */
function idOf(key: string): string {
  return key.slice(key.indexOf(":") + 1);
}

function keysOf(all: readonly { readonly key: string }[]): readonly string[] {
  return all.map(({ key }) => key);
}

/** A tier that writes down what the cache asks of it. Everything else is the tier's own. */
export class TappedTier {
  readonly #tier: RemoteTier;
  readonly #recorder: Recorder;
  /** What could not be announced yet. */
  readonly #pending = new Set<string>();
  #reads = 0;

  constructor(tier: RemoteTier, recorder: Recorder) {
    this.#tier = tier;
    this.#recorder = recorder;
  }

  /** How many removals the server is still to be told of. */
  get pending(): number {
    return this.#pending.size;
  }

  /** How often the server has answered a read. */
  get reads(): number {
    return this.#reads;
  }

  /** For a cache: can do all that the tier can, which its type holds. */
  get tier(): { readonly [Ability in keyof Required<RemoteTier>]: RemoteTier[Ability] } {
    const tier = this.#tier;
    return {
      name: tier.name,
      breaker: tier.breaker,
      lock: tier.lock,
      scan: tier.scan,
      shards: tier.shards,
      fence: tier.fence && this.#fenced(tier.fence),
      bus: tier.bus && this.#heard(tier.bus),
      now: () => tier.now(),
      readMany: (keys, call) => this.#readMany(keys, call),
      write: (key, frame, call) => this.#written(key, frame, call),
      remove: (keys, call) => this.#removed(keys, call, () => tier.remove(keys, call)),
      renew: tier.renew?.bind(tier),
      onLoss: tier.onLoss?.bind(tier),
      onReady: tier.onReady?.bind(tier),
      unref: tier.unref?.bind(tier),
      close: () => tier.close(),
    };
  }

  /** What is outdated, buried or must be of a version is as good as removed. */
  #fenced(fence: Fence): { readonly [Ability in keyof Required<Fence>]: Fence[Ability] } {
    const { outdate, bury, raise } = fence;
    return {
      acquire: (leases, call) => fence.acquire(leases, call),
      commit: (key, commit) => fence.commit(key, commit),
      release: (key, release) => fence.release(key, release),
      wait: (key, expected, call) => fence.wait(key, expected, call),
      outdate: outdate && ((all, call) => this.#removed(keysOf(all), call, () => outdate.call(fence, all, call))),
      bury: bury && ((all, call) => this.#removed(keysOf(all), call, () => bury.call(fence, all, call))),
      raise: raise && ((all, call) => this.#removed(keysOf(all), call, () => raise.call(fence, all, call))),
    };
  }

  async #readMany(keys: readonly string[], call: RemoteCall): Promise<readonly (Uint8Array | undefined)[]> {
    const from = monotonicMs();
    let done = false;
    try {
      const frames = await this.#tier.readMany(keys, call);
      done = true;
      this.#reads++;
      return frames;
    } finally {
      this.#recorder.add({ kind: "tier-read", keys: keys.map(idOf), from, to: monotonicMs(), done });
    }
  }

  /** A write replaces what is there, and so is as good as a removal. */
  #written(key: string, frame: Uint8Array, call: RemoteWrite): Promise<void> {
    return this.#removed([key], call, () => this.#tier.write(key, frame, call));
  }

  async #removed<T>(keys: readonly string[], { announce = "" }: RemoteChange, tell: () => Promise<T>): Promise<T> {
    const from = monotonicMs();
    let done = false;
    this.#pending.add(announce);
    try {
      const answer = await tell();
      done = true;
      this.#pending.delete(announce);
      return answer;
    } finally {
      const removal: Omit<RemovalEvent, "process"> = {
        kind: "removal",
        keys: keys.map(idOf),
        announce,
        from,
        to: monotonicMs(),
        done,
      };
      this.#recorder.add(removal);
    }
  }

  #heard(bus: Bus): Bus {
    const sent = new Map<string, number>();
    const heard = (listener: BusListener): BusListener => ({
      message: (text) => listener.message(text),
      echo: (nonce) => {
        const from = sent.get(nonce);
        if (from !== undefined) this.#recorder.add({ kind: "echo", from, to: monotonicMs() });
        sent.delete(nonce);
        listener.echo(nonce);
      },
      gap: () => {
        this.#recorder.addNow({ kind: "gap" });
        listener.gap();
      },
    });
    return {
      listen: (channel, listener) => bus.listen(channel, heard(listener)),
      publish: (text) => bus.publish(text),
      echo: (nonce) => {
        sent.set(nonce, monotonicMs());
        return bus.echo(nonce);
      },
      close: () => bus.close(),
    };
  }
}
