import { createHash } from "node:crypto";
import {
  type Attributes,
  context,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { checkOptions, type Observer, type OptionRule, objectWith, type Work } from "@tiercache/core";
import { attributeNames as names } from "./instrument-shape.ts";

/** How traces are made. */
export interface TracingOptions {
  /** @defaultValue the tracer `@tiercache/opentelemetry` of the global tracer provider, as it is then */
  readonly tracer?: Tracer;
  /**
   * Whether the span of a read says which keys it is for, by a hash: SHA-256 of namespace and id, cut to 64 bits, of the first
   * ten. Whoever can guess a key can recognise its hash. @defaultValue "none"
   */
  readonly keys?: "none" | "hashed";
}

const MOST_KEYS = 10;

const optionRules: Readonly<Record<keyof TracingOptions, OptionRule>> = {
  tracer: objectWith("a tracer", "startSpan"),
  keys: { allowed: '"none" or "hashed"', accepts: (value) => value === "none" || value === "hashed" },
};

/**
 * Makes an observer that traces what takes time: a span `cache.flight` for the way of a read that no plain hit answered, and
 * inside it one `cache.remote` for each call to a remote tier and one `cache.load` for each call of a loader, in whose context
 * the loader runs. A request that joins the flight of another one gets a link to that flight's span. A hit has no span and
 * costs nothing.
 *
 * No span holds a value, an error's text or, unless `keys` says so, anything of a key.
 *
 * @throws `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { createCache } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 * import { metricsObserver, tracingObserver } from "@tiercache/opentelemetry";
 *
 * const cache = createCache({ tiers: [lru()], observer: [metricsObserver(), tracingObserver()] });
 * const users = cache.namespace("user", { load: (id) => ({ id }) });
 * console.log((await users.get("7")).id); // 7
 * await cache.close();
 * ```
 */
export function tracingObserver(options: TracingOptions = {}): Observer {
  checkOptions("tracingObserver", options, optionRules);
  return new TracingObserver(options);
}

class TracingObserver implements Observer {
  readonly #tracer: Tracer;
  readonly #hashesKeys: boolean;
  /** The spans of the flights that are under way, by their numbers. */
  readonly #flights = new Map<number, SpanContext>();

  constructor({ tracer = trace.getTracer("@tiercache/opentelemetry"), keys = "none" }: TracingOptions) {
    this.#tracer = tracer;
    this.#hashesKeys = keys === "hashed";
  }

  on(event: Parameters<Observer["on"]>[0]): void {
    if (event.type !== "joined") return;
    const flight = this.#flights.get(event.flight);
    // Told where the read is asked for, and so in its request's context.
    if (flight !== undefined) trace.getActiveSpan()?.addLink({ context: flight });
  }

  around<T>(work: Work, run: () => Promise<T>): void {
    // One is sent several times a second, on behalf of nobody.
    if (work.kind === "remote" && work.operation === "echo") return;
    const span = this.#tracer.startSpan(`cache.${work.kind}`, {
      kind: work.kind === "remote" ? SpanKind.CLIENT : SpanKind.INTERNAL,
      attributes: this.#attributesOf(work),
    });
    const flights = work.kind === "flight" ? work.flights : [];
    for (const flight of flights) this.#flights.set(flight, span.spanContext());
    const end = (failure?: { readonly error: unknown }): void => {
      for (const flight of flights) this.#flights.delete(flight);
      if (failure !== undefined) fail(span, failure.error);
      span.end();
    };
    context.with(trace.setSpan(context.active(), span), run).then(
      () => end(),
      (error: unknown) => end({ error }),
    );
  }

  #attributesOf(work: Work): Attributes {
    if (work.kind === "remote") return { [names.tier]: work.tier, [names.operation]: work.operation };
    if (work.kind === "load") return { [names.namespace]: work.namespace, "cache.keys": work.keys };
    return {
      [names.namespace]: work.namespace,
      "cache.keys": work.flights.length,
      ...(this.#hashesKeys && { "cache.key.hashes": hashesOf(work.namespace, work.keys()) }),
    };
  }
}

function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute(names.errorType, typeOf(error));
}

/** An error's code or name. Its text may quote a key or a value. */
function typeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "_OTHER";
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  if (typeof code === "string") return code;
  return typeof name === "string" ? name : "_OTHER";
}

function hashesOf(namespace: string, ids: readonly string[]): string[] {
  return ids.slice(0, MOST_KEYS).map((id) => {
    return createHash("sha256").update(`${namespace}:${id}`).digest("hex").slice(0, 16);
  });
}
