import { Redis } from "ioredis";
import type { Recorder } from "./history/recorder.ts";
import { monotonicMs } from "./monotonic.ts";

const ASK_EVERY_MS = 100;

/**
 * Listens on the channel of the caches without being one, and knows from when to when it has heard everything: from a
 * subscription to the last question on that connection which was answered.
 */
export class Onlooker {
  readonly #client: Redis;
  readonly #recorder: Recorder;
  readonly #channel: string;
  readonly #asking: NodeJS.Timeout;
  #from: number | undefined;
  #to = 0;

  constructor(url: string, channel: string, recorder: Recorder) {
    this.#recorder = recorder;
    this.#channel = channel;
    this.#client = new Redis(url, {
      protocol: 2,
      autoResubscribe: false,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => 30,
    });
    this.#client.on("error", () => {});
    this.#client.on("ready", () => void this.#listen());
    this.#client.on("message", (_, announce: string) => recorder.addNow({ kind: "heard", announce }));
    this.#client.on("close", () => this.#broken());
    this.#asking = setInterval(() => void this.#ask(), ASK_EVERY_MS);
  }

  close(): void {
    clearInterval(this.#asking);
    this.#client.disconnect();
    this.#broken();
  }

  async #listen(): Promise<void> {
    try {
      await this.#client.subscribe(this.#channel);
      this.#from = monotonicMs();
      this.#to = this.#from;
    } catch {
      // The connection has broken again.
    }
  }

  async #ask(): Promise<void> {
    const [from, askedAt] = [this.#from, monotonicMs()];
    if (from === undefined) return;
    try {
      await this.#client.ping();
      if (this.#from === from) this.#to = askedAt;
    } catch {
      // Then it has heard everything up to the question before.
    }
  }

  #broken(): void {
    if (this.#from !== undefined) this.#recorder.add({ kind: "hearing", from: this.#from, to: this.#to });
    this.#from = undefined;
  }
}
