import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Bus, BusListener, Ms } from "@tiercache/core";

/** A listener that remembers what it has heard, and may be waited for. */
export class Ear implements BusListener {
  readonly #bus: Bus;
  readonly #patienceMs: Ms;
  readonly #heard: string[] = [];
  readonly #onMessage: (text: string) => void;
  #wake: () => void = () => {};
  #echoes = 0;

  /**
   * @param patienceMs - How long it waits for what does not come. Only a failure takes that long.
   * @param onMessage - Called with each message as it is heard.
   */
  constructor(bus: Bus, patienceMs: Ms, onMessage: (text: string) => void = () => {}) {
    this.#bus = bus;
    this.#patienceMs = patienceMs;
    this.#onMessage = onMessage;
  }

  /** Everything heard, oldest first: `"message …"`, `"echo …"` and `"gap"`. */
  get heard(): readonly string[] {
    return this.#heard;
  }

  /** The texts of the messages heard, oldest first. */
  get messages(): readonly string[] {
    return this.#heard.filter((each) => each.startsWith("message ")).map((each) => each.slice("message ".length));
  }

  message(text: string): void {
    this.#hear(`message ${text}`);
    this.#onMessage(text);
  }

  echo(nonce: string): void {
    this.#hear(`echo ${nonce}`);
  }

  gap(): void {
    this.#hear("gap");
  }

  /** Waits until it has heard something for the so manieth time. */
  async hears(what: string, times: number = 1): Promise<void> {
    const giveUp = new AbortController();
    const late = delay(this.#patienceMs, true, { signal: giveUp.signal }).catch(() => true);
    while (this.#heard.filter((each) => each === what).length < times) {
      const awake = new Promise<boolean>((resolve) => {
        this.#wake = () => resolve(false);
      });
      assert.ok(!(await Promise.race([awake, late])), `"${what}" was not heard, but ${JSON.stringify(this.#heard)}`);
    }
    giveUp.abort();
  }

  /** Waits until it has heard everything that was announced before. */
  async catchesUp(): Promise<void> {
    this.#echoes++;
    const nonce = `caught up ${this.#echoes}`;
    await this.#bus.echo(nonce);
    await this.hears(`echo ${nonce}`);
  }

  #hear(what: string): void {
    this.#heard.push(what);
    this.#wake();
  }
}
