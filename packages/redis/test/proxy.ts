import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** One connection through a {@link Proxy}. */
export class Link {
  readonly #near: Socket;
  readonly #far: Socket;
  /** All that the client has sent. */
  sent = "";
  /** All that the server has answered, whether it has arrived or not. */
  answered = "";
  #held: Buffer[] | undefined;

  constructor(near: Socket, port: number, onSent: (link: Link) => void) {
    this.#near = near;
    this.#far = connect(port, "127.0.0.1");
    near.on("data", (data) => {
      this.sent += data.toString("latin1");
      this.#far.write(data);
      onSent(this);
    });
    this.#far.on("data", (data) => {
      this.answered += data.toString("latin1");
      if (this.#held === undefined) near.write(data);
      else this.#held.push(data);
    });
    for (const [socket, other] of [
      [near, this.#far],
      [this.#far, near],
    ] as const) {
      socket.on("error", () => {});
      socket.on("close", () => other.destroy());
    }
  }

  get isOpen(): boolean {
    return !this.#near.destroyed;
  }

  /** From now on nothing of what the server sends arrives. */
  freeze(): void {
    this.#held ??= [];
  }

  /** All of what the server has sent meanwhile arrives, in one piece. */
  thaw(): void {
    this.#near.write(Buffer.concat(this.#held ?? []));
    this.#held = undefined;
  }

  cut(): void {
    this.#near.destroy();
  }
}

/** Stands between clients and a server, and can hold back what the server answers. */
export class Proxy {
  readonly links: Link[] = [];
  readonly #server: Server;
  #onSent: (link: Link) => void = () => {};

  constructor(port: number) {
    this.#server = createServer((near) => {
      this.links.push(new Link(near, port, (link) => this.#onSent(link)));
    });
  }

  /** Listens on a free port, and comes back with the URL that leads through here. */
  async open(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("The proxy has no address.");
    return `redis://127.0.0.1:${address.port}`;
  }

  /** Has each connection frozen as soon as the client has sent this, beginning with the next that does. */
  freezeOn(text: string): void {
    this.#onSent = (link) => {
      if (link.sent.includes(text)) link.freeze();
    };
  }

  freezeNone(): void {
    this.#onSent = () => {};
  }

  /** The open connections on which the client has sent this. */
  linksWith(text: string): readonly Link[] {
    return this.links.filter((link) => link.isOpen && link.sent.includes(text));
  }

  close(): void {
    for (const link of this.links) link.cut();
    this.#server.close();
  }
}
