export { type MetricsOptions, metricsObserver } from "./metrics-observer.ts";
export { type TracingOptions, tracingObserver } from "./tracing-observer.ts";
