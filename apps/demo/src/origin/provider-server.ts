import type { AddressInfo } from "node:net";
import type { ServerType } from "@hono/node-server";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";

/** A provider that the demo plays itself: an HTTP server in this process. */
export class ProviderServer {
  readonly #server: ServerType;

  private constructor(server: ServerType) {
    this.#server = server;
  }

  /** Starts it on a free port of 127.0.0.1. It keeps the process alive until {@link ProviderServer.close}. */
  static async start(app: Hono): Promise<ProviderServer> {
    const server = await new Promise<ServerType>((resolve, reject) => {
      const started = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, () => resolve(started));
      started.once("error", reject);
    });
    return new ProviderServer(server);
  }

  /** The base URL for clients, ending in `/v1`. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/v1`;
  }

  /** Stops listening and cuts the connections still open. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if ("closeAllConnections" in this.#server) this.#server.closeAllConnections();
    await closed;
  }
}
