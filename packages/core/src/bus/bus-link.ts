import { randomBytes } from "node:crypto";
import type { Bus } from "../contracts/bus.ts";
import type { CancelTimer, Clock, Ms } from "../contracts/clock.ts";
import type { CacheEvent } from "../contracts/observer.ts";
import type { Announcements } from "./announcements.ts";
import { type BusMessage, messageText, readMessage } from "./bus-message.ts";
import type { Certificate } from "./certificate.ts";

/** What a link needs besides its bus. */
export interface BusLinkParts {
  readonly channel: string;
  readonly clock: Clock;
  readonly certificate: Certificate;
  readonly announcements: Announcements;
  /** How often an echo is sent; well below the certificate's horizon, so that one may be lost. */
  readonly echoEveryMs: Ms;
  observe(event: CacheEvent): void;
}

/** Echoes that may be under way at once: more than a few of them are lost. */
const MAX_ECHOES = 16;

/** How long it goes on after somebody last asked. Hits ask nobody: after so long they are confirmed once by a remote tier. */
const NEEDED_FOR_MS: Ms = 60_000;

/** The cache's end of a bus: keeps the certificate valid, and hands on what it hears. Nothing here ever rejects. */
export class BusLink {
  readonly #bus: Bus;
  readonly #parts: BusLinkParts;
  /** Names this process on the bus. */
  readonly #self = randomBytes(9).toString("base64url");
  /** When each echo that is under way was sent. */
  readonly #echoes = new Map<string, Ms>();
  #announced = 0;
  #echoed = 0;
  #cancel: CancelTimer | undefined;
  /** When somebody last had need of the certificate. */
  #neededAt: Ms;
  #open = true;

  constructor(bus: Bus, parts: BusLinkParts) {
    this.#bus = bus;
    this.#parts = parts;
    this.#neededAt = parts.clock.now();
    bus.listen(parts.channel, {
      message: (text) => this.#hear(text),
      echo: (nonce) => this.#heardEcho(nonce),
      gap: () => this.#distrust(),
    });
    this.#beat();
  }

  /** A text that announces something, and how this process will recognise it when it comes back. */
  textOf(message: BusMessage): { readonly text: string; readonly by: string } {
    const by = `${this.#self}:${this.#announced++}`;
    return { text: messageText({ message, by }), by };
  }

  /** Whether this process has sent a message. */
  isOwn(by: string): boolean {
    return by.startsWith(`${this.#self}:`);
  }

  /**
   * Somebody would like to read by the certificate: it is proved anew from now on, and for a while after. Not for ever: a process
   * that reads nothing sends nothing.
   */
  need(): void {
    this.#neededAt = this.#parts.clock.now();
    if (this.#cancel === undefined && this.#open) this.#beat();
  }

  async close(): Promise<void> {
    this.#open = false;
    this.#cancel?.();
    await this.#bus.close();
  }

  #beat(): void {
    const { clock, echoEveryMs } = this.#parts;
    if (echoEveryMs === Number.POSITIVE_INFINITY) return;
    this.#echo();
    this.#cancel = clock.after(echoEveryMs, () => {
      this.#cancel = undefined;
      if (this.#open && clock.now() - this.#neededAt <= NEEDED_FOR_MS) this.#beat();
    });
  }

  #echo(): void {
    const nonce = `${this.#echoed++}`;
    this.#echoes.set(nonce, this.#parts.clock.now());
    const [oldest] = this.#echoes.keys();
    if (this.#echoes.size > MAX_ECHOES && oldest !== undefined) this.#echoes.delete(oldest);
    this.#bus.echo(nonce).catch(() => {
      // What cannot be sent will not come back, and the certificate ends by itself.
      this.#echoes.delete(nonce);
    });
  }

  #heardEcho(nonce: string): void {
    const sentAt = this.#echoes.get(nonce);
    // From before a gap, or forged.
    if (sentAt === undefined) return;
    for (const [each, at] of this.#echoes) if (at <= sentAt) this.#echoes.delete(each);
    this.#parts.certificate.confirm(sentAt);
    this.#parts.observe({ type: "bus-echo", durationMs: this.#parts.clock.now() - sentAt });
  }

  #distrust(): void {
    this.#echoes.clear();
    this.#parts.certificate.revoke();
    this.#parts.observe({ type: "bus-gap" });
    if (this.#open) this.#echo();
  }

  #hear(text: string): void {
    const heard = readMessage(text);
    if (heard === "foreign") this.#parts.observe({ type: "bus-message-rejected" });
    // A later version may have said anything.
    else if (heard === "unknown") this.#distrust();
    else this.#parts.announcements.hear(heard);
  }
}
