import type { Attributes, Meter } from "@opentelemetry/api";
import { type Histogram, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";

/** A number of one instrument, or how many a histogram has and their sum. */
export interface Collected {
  readonly name: string;
  readonly attributes: Attributes;
  readonly value: number | { readonly count: number; readonly sum: number | undefined };
}

class OnDemandReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

/** A real SDK whose metrics a test collects when it wants. */
export class MetricCollection {
  readonly #reader = new OnDemandReader();
  readonly #provider = new MeterProvider({ readers: [this.#reader] });

  get meter(): Meter {
    return this.#provider.getMeter("test");
  }

  /** Everything there is now. */
  async all(): Promise<readonly Collected[]> {
    const { resourceMetrics, errors } = await this.#reader.collect();
    if (errors.length > 0) throw errors[0];
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(({ descriptor: { name }, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => ({ name, attributes, value: plain(value) })),
      ),
    );
  }

  /** What one instrument says, by its attributes' values in the order of their names. */
  async of(name: string): Promise<Readonly<Record<string, Collected["value"]>>> {
    const own = (await this.all()).filter((each) => each.name === name);
    return Object.fromEntries(own.map(({ attributes, value }) => [placeOf(attributes), value]));
  }
}

function placeOf(attributes: Attributes): string {
  const names = Object.keys(attributes).toSorted();
  return names.map((name) => String(attributes[name])).join(" ");
}

function plain(value: unknown): Collected["value"] {
  if (typeof value === "number") return value;
  const { count, sum } = value as Histogram;
  return { count, sum };
}
