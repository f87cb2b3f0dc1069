import type { AddressInfo } from "node:net";
import { type ServerType, serve } from "@hono/node-server";
import { Hono } from "hono";
import { problem } from "../http/problem.ts";

/** Where to listen, and what to show before the service is ready. */
export interface FrontDoorOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Answers from the beginning: the page. */
  readonly pages: Hono;
}

/** How long a request that runs may go on when the demo ends: a stream of events would go on for ever. */
const patienceMs = 500;

/** The demo's HTTP server: its page is there at once, the service when it is ready. */
export class FrontDoor implements AsyncDisposable {
  readonly #host: string;
  readonly #app: Hono;
  #server: ServerType | undefined;
  #service: Hono | undefined;

  private constructor({ host, pages }: FrontDoorOptions) {
    this.#host = host;
    this.#app = new Hono().route("/", pages).all("*", (context) => {
      if (this.#service !== undefined) return this.#service.fetch(context.req.raw, context.env);
      context.header("retry-after", "1");
      return problem(context, 503, "The service is not ready yet; the page at / shows how far it is.");
    });
  }

  /** @throws (rejects) where the port is taken */
  static async open(options: FrontDoorOptions): Promise<FrontDoor> {
    const { host: hostname, port } = options;
    const door = new FrontDoor(options);
    await new Promise<void>((resolve, reject) => {
      door.#server = serve({ fetch: door.#app.fetch, port, hostname }, () => resolve());
      door.#server.once("error", reject);
    });
    return door;
  }

  /** Under which this machine reaches it, without a slash at the end. */
  get address(): string {
    const bound = this.#server?.address() as AddressInfo | undefined;
    return `http://127.0.0.1:${bound?.port ?? 0}`;
  }

  /** Whether nobody but this machine can reach it. */
  get isLoopback(): boolean {
    return ["127.0.0.1", "localhost"].includes(this.#host);
  }

  /** From now on the service answers what the page does not. */
  serve(service: Hono): void {
    this.#service = service;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if ("closeIdleConnections" in server) server.closeIdleConnections();
    const impatience = setTimeout(() => "closeAllConnections" in server && server.closeAllConnections(), patienceMs);
    await closed;
    clearTimeout(impatience);
  }
}
