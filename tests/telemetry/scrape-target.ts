import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import type { Observer } from "@tiercache/core";
import { metricsObserver } from "@tiercache/opentelemetry";
import { Scraped } from "./scraped.ts";

/** An SDK with a Prometheus exporter, scraped over HTTP as a Prometheus server does. */
export class ScrapeTarget implements AsyncDisposable {
  readonly observer: Observer;
  readonly #exporter = new PrometheusExporter({ preventServerStart: true });
  readonly #provider = new MeterProvider({ readers: [this.#exporter] });
  readonly #server: Server;

  private constructor() {
    this.observer = metricsObserver({ meter: this.#provider.getMeter("test") });
    this.#server = createServer((request, response) => this.#exporter.getMetricsRequestHandler(request, response));
  }

  static async start(): Promise<ScrapeTarget> {
    const target = new ScrapeTarget();
    await new Promise<void>((listening) => {
      target.#server.listen(0, "127.0.0.1", listening);
    });
    return target;
  }

  async scrape(): Promise<Scraped> {
    const { port } = this.#server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    return new Scraped(await response.text());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => {
      this.#server.close(closed);
    });
    await this.#provider.shutdown();
  }
}
