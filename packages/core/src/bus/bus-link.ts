import { randomBytes } from "node:crypto";
import type { Bus } from "../contracts/bus.ts";
import type { CancelTimer, Clock, Ms } from "../contracts/clock.ts";
import type { CacheEvent } from "../contracts/observer.ts";
import type { KeySecret } from "../entry/key-secret.ts";
import type { Announcements } from "./announcements.ts";
import { type BusMessage, messageText, readMessage } from "./bus-message.ts";
import type { Certificate } from "./certificate.ts";
import { sealedIds } from "./sealed-ids.ts";

/** What a link needs besides its bus. */
export interface BusLinkParts {
  readonly channel: string;
  /** For what goes on behind everybody's back. */
  readonly clock: Clock;
  readonly certificate: Certificate;
  readonly announcements: Announcements;
  /** How often an echo is sent; well below the certificate's horizon, so that one may be lost. */
  readonly echoEveryMs: Ms;
  observe(event: CacheEvent): void;
  /** Sends an echo of the bus; resolves to whether it was sent. Must not reject. */
  echo(nonce: string): Promise<boolean>;
}

/** Echoes that may be under way at once: more than a few of them are lost. */
const MAX_ECHOES = 16;

/** How long it goes on after somebody last asked. Hits ask nobody: after so long they are confirmed once by a remote tier. */
const NEEDED_FOR_MS: Ms = 60_000;

/** How long closing may take. */
const CLOSE_WITHIN_MS: Ms = 2_000;

interface EchoWait {
  readonly number: number;
  readonly heard: () => void;
}

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
  /** Who waits for the next proof. */
  #onProof: (() => void)[] = [];
  /** Who waits for a certain echo, by its number, or a later one. */
  readonly #onEcho = new Set<EchoWait>();

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

  /**
   * A text that announces something, and how this process will recognise it when it comes back.
   *
   * @param secret - Hides ids that are not to be read on the bus.
   */
  textOf(message: BusMessage, secret?: KeySecret): { readonly text: string; readonly by: string } {
    const by = `${this.#self}:${this.#announced++}`;
    const said =
      secret !== undefined && "ids" in message ? { ...message, ids: sealedIds(message.ids, by, secret) } : message;
    return { text: messageText({ message: said, by }), by };
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

  /** Resolves to whether the certificate holds, or has come to hold within a while. */
  async prove(withinMs: Ms): Promise<boolean> {
    const { certificate, clock } = this.#parts;
    this.need();
    if (clock.now() < certificate.until) return true;
    this.#echo();
    const proof = Promise.withResolvers<void>();
    this.#onProof.push(proof.resolve);
    const cancel = clock.after(withinMs, proof.resolve);
    await proof.promise;
    cancel();
    return clock.now() < certificate.until;
  }

  /** Resolves to whether, within a while, everything has been heard that was announced before this call, unless there was a gap. */
  async caughtUp(withinMs: Ms): Promise<boolean> {
    const heard = Promise.withResolvers<boolean>();
    const wait: EchoWait = { number: this.#echoed, heard: () => heard.resolve(true) };
    this.#onEcho.add(wait);
    const cancel = this.#parts.clock.after(withinMs, () => heard.resolve(false));
    this.#echo();
    const isHeard = await heard.promise;
    this.#onEcho.delete(wait);
    cancel();
    return isHeard;
  }

  async close(): Promise<void> {
    this.#open = false;
    this.#cancel?.();
    // One that hangs is left to itself.
    const end = Promise.withResolvers<void>();
    const cancel = this.#parts.clock.after(CLOSE_WITHIN_MS, end.resolve);
    void this.#bus.close().then(end.resolve, end.resolve);
    await end.promise;
    cancel();
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
    void this.#parts.echo(nonce).then((sent) => {
      // What cannot be sent will not come back, and the certificate ends by itself.
      if (!sent) this.#echoes.delete(nonce);
    });
  }

  #heardEcho(nonce: string): void {
    const sentAt = this.#echoes.get(nonce);
    // From before a gap, or forged.
    if (sentAt === undefined) return;
    for (const [each, at] of this.#echoes) if (at <= sentAt) this.#echoes.delete(each);
    this.#parts.certificate.confirm(sentAt);
    this.#parts.observe({ type: "bus-echo", durationMs: this.#parts.clock.now() - sentAt });
    for (const wait of this.#onEcho) if (Number(nonce) >= wait.number) wait.heard();
    const proved = this.#onProof;
    this.#onProof = [];
    for (const tell of proved) tell();
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
