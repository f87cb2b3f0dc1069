import type { Bus, BusListener } from "@tiercache/core";
import type { ChaosThrough } from "./chaos-fence.ts";
import type { MessagesUnderWay } from "./messages-under-way.ts";

/** The bus of a chaos tier. */
export class ChaosBus implements Bus {
  readonly #bus: Bus;
  readonly #messages: MessagesUnderWay;
  readonly #through: ChaosThrough;

  constructor(bus: Bus, messages: MessagesUnderWay, through: ChaosThrough) {
    this.#bus = bus;
    this.#messages = messages;
    this.#through = through;
  }

  listen(channel: string, listener: BusListener): void {
    this.#bus.listen(channel, this.#messages.to(listener));
  }

  publish(text: string): Promise<void> {
    return this.#through({ operation: "publish", keys: [], text }, () => this.#bus.publish(text));
  }

  echo(nonce: string): Promise<void> {
    return this.#through({ operation: "echo", keys: [], text: nonce }, () => this.#bus.echo(nonce));
  }

  close(): Promise<void> {
    this.#messages.end();
    return this.#bus.close();
  }
}
