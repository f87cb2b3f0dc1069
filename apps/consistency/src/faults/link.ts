import { connect, createServer, type Server, type Socket } from "node:net";
import { monotonicMs } from "../monotonic.ts";

/** What becomes of a connection that listens: it goes on, is closed, or stays open and nothing arrives on it. */
export type Listening = "open" | "closed" | "deaf";

/** One connection of a process, both of its ends. */
interface Connection {
  readonly near: Socket;
  readonly far: Socket;
  listens: boolean;
  /** When the last answer that is under way arrives, and all that are, oldest first. */
  answeredUntil: number;
  readonly underWay: Buffer[];
}

/** The way of one process to the server, of which what it listens on can be cut alone, and the rest be slow. */
export class Link {
  readonly #server: Server;
  readonly #port: number;
  readonly #connections = new Set<Connection>();
  #listening: Listening = "open";
  /** How long what the server answers is under way, but for what is listened to. */
  replyDelayMs = 0;

  private constructor(port: number) {
    this.#port = port;
    this.#server = createServer((near) => this.#join(near));
  }

  /** @param port - Where the server listens on this machine. */
  static to(port: number): Promise<Link> {
    const link = new Link(port);
    return new Promise((resolve) => {
      link.#server.listen(0, "127.0.0.1", () => resolve(link));
    });
  }

  get url(): string {
    const address = this.#server.address();
    return `redis://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  /** From now on, and also for connections that begin to listen later. */
  set listening(listening: Listening) {
    for (const connection of this.#connections) {
      // What has lost bytes cannot go on.
      if (connection.listens && (listening === "closed" || this.#listening === "deaf")) end(connection);
    }
    this.#listening = listening;
  }

  close(): void {
    this.#server.close();
    for (const connection of this.#connections) end(connection);
  }

  #join(near: Socket): void {
    const far = connect(this.#port, "127.0.0.1");
    for (const socket of [near, far]) socket.setNoDelay(true);
    const connection: Connection = { near, far, listens: false, answeredUntil: 0, underWay: [] };
    this.#connections.add(connection);
    near.on("data", (bytes) => {
      if (bytes.includes("subscribe")) this.#listens(connection);
      far.write(bytes);
    });
    far.on("data", (bytes) => {
      if (!connection.listens) this.#answer(connection, bytes);
      else if (this.#listening !== "deaf") near.write(bytes);
    });
    for (const socket of [near, far]) {
      socket.on("error", () => end(connection));
      socket.on("close", () => {
        end(connection);
        this.#connections.delete(connection);
      });
    }
  }

  /** In order, also when the delay changes meanwhile. */
  #answer(connection: Connection, bytes: Buffer): void {
    const at = Math.max(monotonicMs() + this.replyDelayMs, connection.answeredUntil);
    connection.answeredUntil = at;
    const delayMs = at - monotonicMs();
    if (delayMs <= 0 && connection.underWay.length === 0) {
      connection.near.write(bytes);
      return;
    }
    connection.underWay.push(bytes);
    setTimeout(() => {
      // The oldest, and not what this timer was set for: those of two delays may be late by different parts of a ms.
      const oldest = connection.underWay.shift();
      if (oldest !== undefined && connection.near.writable) connection.near.write(oldest);
    }, delayMs);
  }

  #listens(connection: Connection): void {
    connection.listens = true;
    if (this.#listening === "closed") end(connection);
  }
}

function end({ near, far }: Connection): void {
  near.destroy();
  far.destroy();
}
