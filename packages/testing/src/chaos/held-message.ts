import type { BusListener } from "@tiercache/core";

/** What a bus may bring to a listener. */
export type MessageKind = keyof BusListener;

/** How a message arrives, and how it ceases to be held. */
interface MessageWay {
  readonly deliver: () => void;
  readonly leave: (message: HeldMessage) => void;
}

/** Something on its way to a process that waits for a test to let it arrive. */
export class HeldMessage {
  readonly kind: MessageKind;
  /** The text of a message, the nonce of an echo; empty for a gap. */
  readonly text: string;
  readonly #deliver: () => void;
  readonly #leave: (message: HeldMessage) => void;

  /** @internal */
  constructor(kind: MessageKind, text: string, { deliver, leave }: MessageWay) {
    this.kind = kind;
    this.text = text;
    this.#deliver = deliver;
    this.#leave = leave;
  }

  /** Lets it arrive, at once. */
  release(): void {
    this.#leave(this);
    this.#deliver();
  }

  /** Lets a copy of it arrive, at once; it goes on waiting. */
  duplicate(): void {
    this.#deliver();
  }

  /** Has it never arrive. */
  lose(): void {
    this.#leave(this);
  }
}
