export { type CircuitBreaker, circuitBreaker } from "./circuit-breaker.ts";
export type { CircuitBreakerEvent, CircuitBreakerOptions } from "./circuit-breaker-options.ts";
export type { FailureRateOptions } from "./failure-rate.ts";
