import { createHash } from "node:crypto";
import { context, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { type Cache, createCache, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { type ChaosTier, chaos, manualClock, memoryServer, memoryTier } from "@tiercache/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TracingOptions, tracingObserver } from "../src/tracing-observer.ts";

let exporter: InMemorySpanExporter;
let tracer: Tracer;
let remote: ChaosTier;

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  exporter = new InMemorySpanExporter();
  tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer("test");
});

afterEach(() => {
  context.disable();
});

function traced(options: Omit<TracingOptions, "tracer"> = {}): Cache {
  const clock = manualClock();
  remote = chaos(memoryTier({ clock, name: "redis" }));
  const observer = tracingObserver({ tracer, ...options });
  return createCache({ tiers: [lru(), remote], clock, observer, ttlMs: minutes(1) });
}

function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

const named = (name: string): readonly ReadableSpan[] =>
  exporter.getFinishedSpans().filter((span) => span.name === name);

function request<T>(name: string, run: () => Promise<T>): Promise<T> {
  const span = tracer.startSpan(name);
  return context.with(trace.setSpan(context.active(), span), run).finally(() => span.end());
}

test("a read that misses is a span with its calls and its load inside, in the request's trace", async () => {
  const users = traced().namespace("user", {
    load: async (id) => {
      tracer.startSpan("query").end();
      return id;
    },
  });
  // With its first value a namespace is given its generation.
  await users.get("before");
  await settled();
  exporter.reset();
  await request("GET /", () => users.get("secret-id"));
  await settled();
  const [own] = named("GET /");
  const [flight] = named("cache.flight");
  const [load] = named("cache.load");
  const [query] = named("query");
  expect(flight?.parentSpanContext?.spanId).toBe(own?.spanContext().spanId);
  expect(load?.parentSpanContext?.spanId).toBe(flight?.spanContext().spanId);
  expect(query?.parentSpanContext?.spanId).toBe(load?.spanContext().spanId);
  expect(load?.attributes).toEqual({ "cache.namespace": "user", "cache.keys": 1 });
  const calls = named("cache.remote").map(({ attributes }) => attributes["cache.operation"]);
  expect(calls).toEqual(["read", "write"]);
  const [read] = named("cache.remote");
  expect(read?.parentSpanContext?.spanId).toBe(flight?.spanContext().spanId);
  expect(read?.attributes).toEqual({ "cache.tier": "redis", "cache.operation": "read" });
  const said = exporter.getFinishedSpans().map(({ attributes, status, events }) => ({ attributes, status, events }));
  expect(JSON.stringify(said)).not.toContain("secret-id");
});

test("an echo, which nobody asked for, is no span", async () => {
  const clock = manualClock();
  const observer = tracingObserver({ tracer });
  const tiers = [lru(), memoryServer({ clock }).tier()] as const;
  const cache = createCache({ tiers, clock, observer, horizonMs: 1_000 });
  clock.advance(1_000);
  await settled();
  expect(exporter.getFinishedSpans()).toEqual([]);
  await cache.close();
  expect(named("cache.remote").map(({ attributes }) => attributes["cache.operation"])).toEqual(["close"]);
});

test("a hit is no span", async () => {
  const users = traced().namespace("user", { load: (id) => id });
  await users.get("1");
  await settled();
  exporter.reset();
  await users.get("1");
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test("a request that joins a flight is linked to it, also in a batch", async () => {
  const slow = Promise.withResolvers<string>();
  const users = traced().namespace("user", { load: () => slow.promise });
  const first = request("first", () => users.get("1"));
  await settled();
  const joined = [request("second", () => users.get("1")), request("third", () => users.getMany(["1"]))];
  slow.resolve("v");
  await Promise.all([first, ...joined]);
  const [flight] = named("cache.flight");
  expect(named("cache.flight")).toHaveLength(1);
  for (const name of ["second", "third"]) {
    const [span] = named(name);
    expect(span?.links.map((link) => link.context.spanId)).toEqual([flight?.spanContext().spanId]);
  }
  expect(named("first")[0]?.links).toEqual([]);
});

test("a flight that has ended is linked to no longer", async () => {
  const users = traced().namespace("user");
  await users.get("1");
  await request("later", () => users.get("1"));
  expect(named("later")[0]?.links).toEqual([]);
});

test("what fails is said by its code or name, and never by its text", async () => {
  const users = traced().namespace("user", {
    load: async () => Promise.reject(Object.assign(new Error("secret-id is unknown"), { code: "NOT_FOUND" })),
  });
  remote.fail();
  await users.get("secret-id").catch(() => {});
  const [load] = named("cache.load");
  expect(load?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(load?.attributes["error.type"]).toBe("NOT_FOUND");
  expect(named("cache.remote")[0]?.status.code).toBe(SpanStatusCode.ERROR);
  const said = exporter.getFinishedSpans().map(({ attributes, status, events }) => ({ attributes, status, events }));
  expect(JSON.stringify(said)).not.toContain("secret");
});

test("keys are told by their hashes where that is asked for, and of many the first ten", async () => {
  const users = traced({ keys: "hashed" }).namespace("user", { load: (id) => id });
  await users.getMany(Array.from({ length: 12 }, (_, id) => String(id)));
  await settled();
  const [flight] = named("cache.flight");
  const hashes = flight?.attributes["cache.key.hashes"] as string[];
  expect(hashes).toHaveLength(10);
  expect(hashes[0]).toBe(createHash("sha256").update("user:0").digest("hex").slice(0, 16));
  expect(flight?.attributes["cache.keys"]).toBe(12);
});

test.each<[object, string]>([
  [{ tracer: {} }, "tracingObserver.tracer is an object; allowed is a tracer"],
  [{ keys: "plain" }, 'tracingObserver.keys is "plain"; allowed is "none" or "hashed"'],
])("the option %o is refused by name", (options, message) => {
  expect(() => tracingObserver(options as TracingOptions)).toThrow(message);
});
