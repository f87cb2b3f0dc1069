import type { BusListener } from "@tiercache/core";
import { HeldList } from "./held-list.ts";
import { HeldMessage, type MessageKind } from "./held-message.ts";

const KINDS: readonly MessageKind[] = ["message", "echo", "gap"];

/**
 * What is on its way from a bus to the process that listens. Without any switch turned it arrives as the bus brings it. To
 * delay or to reorder it, hold it and release one after the other.
 */
export class MessagesUnderWay {
  readonly #holding = new Set<MessageKind>();
  readonly #held = new HeldList<HeldMessage>();
  #listener: BusListener | undefined;
  #losing = false;
  #isCut = false;

  /** What waits for the test, oldest first. */
  get held(): readonly HeldMessage[] {
    return this.#held.items;
  }

  /**
   * From now on what the bus brings waits, until it is released or lost through {@link held}, or {@link release} lets all go.
   *
   * @param kind - The one kind that waits. @defaultValue all
   */
  hold(kind?: MessageKind): void {
    for (const each of chosen(kind)) this.#holding.add(each);
  }

  /**
   * Lets what is held arrive, oldest first, and holds nothing further.
   *
   * @param kind - The one kind to release. @defaultValue all
   */
  release(kind?: MessageKind): void {
    for (const each of chosen(kind)) this.#holding.delete(each);
    for (const message of this.held) if (kind === undefined || message.kind === kind) message.release();
  }

  /** Resolves to what is held as soon as it is at least `count`. */
  whenHeld(count: number): Promise<readonly HeldMessage[]> {
    return this.#held.whenAtLeast(count);
  }

  /** From now on whatever the bus brings is lost, and nobody is told, until {@link ChaosTier.heal}. */
  lose(): void {
    this.#losing = true;
  }

  /** @internal Ends {@link lose}. */
  heal(): void {
    this.#losing = false;
  }

  /** @internal Breaks the connection: what is held is lost, and whatever comes until {@link reconnect}. */
  cut(): void {
    this.#isCut = true;
    this.#held.clear();
  }

  /** @internal */
  reconnect(): void {
    if (!this.#isCut) return;
    this.#isCut = false;
    this.#bring("gap", "");
  }

  /** @internal What the bus is to be given in place of a listener. */
  to(listener: BusListener): BusListener {
    this.#listener = listener;
    return {
      message: (text) => this.#bring("message", text),
      echo: (nonce) => this.#bring("echo", nonce),
      gap: () => this.#bring("gap", ""),
    };
  }

  /** @internal Nobody listens any longer. */
  end(): void {
    this.#listener = undefined;
    this.#held.clear();
  }

  #bring(kind: MessageKind, text: string): void {
    const listener = this.#listener;
    if (listener === undefined || this.#losing || this.#isCut) return;
    const deliver = (): void => listener[kind](text);
    if (!this.#holding.has(kind)) deliver();
    else this.#held.add(new HeldMessage(kind, text, { deliver, leave: (message) => this.#held.remove(message) }));
  }
}

function chosen(kind: MessageKind | undefined): readonly MessageKind[] {
  return kind === undefined ? KINDS : [kind];
}
