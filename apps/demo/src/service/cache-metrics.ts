import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import type { Observer } from "@tiercache/core";
import { metricsObserver } from "@tiercache/opentelemetry";

/** The metrics of the service's cache, in the form that Prometheus scrapes. */
export class CacheMetrics {
  /** To be given to the cache. */
  readonly observer: Observer;
  readonly #exporter = new PrometheusExporter({ preventServerStart: true });
  readonly #serializer = new PrometheusSerializer();

  constructor() {
    const provider = new MeterProvider({ readers: [this.#exporter] });
    this.observer = metricsObserver({ meter: provider.getMeter("tiercache") });
  }

  /** Everything there is now, as text. */
  async text(): Promise<string> {
    const { resourceMetrics } = await this.#exporter.collect();
    return this.#serializer.serialize(resourceMetrics);
  }
}
