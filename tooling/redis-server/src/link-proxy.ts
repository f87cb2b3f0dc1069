import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { Link } from "./link.ts";

/** Stands between clients and a server, and does to what they send what a bad network does. */
export class LinkProxy implements AsyncDisposable {
  /** Every connection so far, oldest first. */
  readonly links: Link[] = [];
  readonly #server: Server;
  #onLink: (link: Link) => void = () => {};
  #onSent: (link: Link) => void = () => {};
  #isRefused: (link: Link) => boolean = () => false;

  constructor(port: number) {
    this.#server = createServer((near) => {
      const link = new Link(near, port, {
        isRefused: (each) => this.#isRefused(each),
        onSent: (each) => this.#onSent(each),
      });
      this.links.push(link);
      this.#onLink(link);
    });
  }

  /** Listens on a free port, and comes back with the URL that leads through here. */
  async open(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `redis://127.0.0.1:${this.port}`;
  }

  get port(): number {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("The proxy has no address.");
    return address.port;
  }

  /** Has something done to every connection, those that are open and those to come. */
  onEach(change: (link: Link) => void): void {
    for (const link of this.links) change(link);
    this.#onLink = change;
  }

  /** Has something done to each connection on which the client sends this, as soon as it has, beginning with the next. */
  onEachThatSends(text: string, change: (link: Link) => void): void {
    this.#onSent = (link) => {
      if (link.sent.includes(text)) change(link);
    };
  }

  /** Cuts each connection of which this says so, those that are open, and others before what they have sent goes through. */
  refuse(isRefused: (link: Link) => boolean): void {
    for (const link of this.links) if (isRefused(link)) link.cut();
    this.#isRefused = isRefused;
  }

  /** Has each connection frozen as soon as the client has sent this, beginning with the next that does. */
  freezeOn(text: string): void {
    this.onEachThatSends(text, (link) => link.freeze());
  }

  freezeNone(): void {
    this.#onSent = () => {};
  }

  /** The open connections on which the client has sent this. */
  linksWith(text: string): readonly Link[] {
    return this.links.filter((link) => link.isOpen && link.sent.includes(text));
  }

  /** The open connections that listen to channels. */
  get subscribers(): readonly Link[] {
    return this.linksWith("subscribe\r\n");
  }

  close(): void {
    for (const link of this.links) link.cut();
    this.#server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}
