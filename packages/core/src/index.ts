export { Circuit, type CircuitParts } from "./breaker/circuit.ts";
export { type FailureJudge, FailureRun } from "./breaker/failure-judge.ts";
export type { OpenTimes } from "./breaker/open-time.ts";
export { failureCount, type TierBreakerOptions } from "./breaker/tier-breaker.ts";
export type { Cache } from "./cache.ts";
export {
  type CachedFunction,
  type CachedKey,
  type CachedMethodDecorator,
  type CachedMethodOptions,
  type CachedOptions,
  cached,
  cachedMethod,
} from "./cached.ts";
export { coarseClock } from "./coarse-clock.ts";
export type { Breaker, BreakerCall, BreakerChange, BreakerState } from "./contracts/breaker.ts";
export type { Bus, BusListener } from "./contracts/bus.ts";
export { type CancelTimer, type Clock, type EpochMs, type Ms, systemClock } from "./contracts/clock.ts";
export type { Entry } from "./contracts/entry.ts";
export {
  type Burial,
  type Commit,
  type Fence,
  FRAME_IDENTITY,
  FRAME_VERSION,
  type Lease,
  type LeaseCall,
  type Outdating,
  type Raise,
  type Release,
  type VersionedFrame,
} from "./contracts/fence.ts";
export type { CacheGauges, NamespaceGauges, TierGauges } from "./contracts/gauges.ts";
export type { KeyOf, KeyPart, KeyParts } from "./contracts/key.ts";
export type {
  BatchLoader,
  BatchLoaderContext,
  CompanionNamespace,
  Loader,
  LoaderContext,
  StaleValue,
} from "./contracts/loader.ts";
export type { Lock, LockCall, LockEnd, LockRelease, ProlongCall } from "./contracts/lock.ts";
export type {
  CacheEvent,
  FrameRejection,
  LockWaitOutcome,
  Observer,
  RemoteOperation,
  StaleReason,
  TagOperation,
  Work,
  WriteOperation,
} from "./contracts/observer.ts";
export type { AttemptContext, Operation, Policy } from "./contracts/policy.ts";
export type { Reading, ReadOptions } from "./contracts/reading.ts";
export type { RemoteCall, RemoteChange, RemoteWrite } from "./contracts/remote-call.ts";
export type { Scan, ScanCall, ScanStep } from "./contracts/scan.ts";
export type { Schema, SchemaIssue, SchemaResult } from "./contracts/schema.ts";
export type { Headroom, Serializer } from "./contracts/serializer.ts";
export type { Shards } from "./contracts/shards.ts";
export type { Stamp, Token } from "./contracts/stamp.ts";
export type {
  CacheStats,
  LatencySummary,
  NamespaceCounts,
  NamespaceStats,
  TierCounts,
  TierStats,
  Windowed,
} from "./contracts/stats.ts";
export type {
  EvictionCause,
  LocalShare,
  LocalSpace,
  LocalTier,
  RemoteRenewal,
  RemoteTier,
  Tiers,
} from "./contracts/tier.ts";
export { createCache } from "./create-cache.ts";
export type {
  BatchLoaderOptions,
  KeyOptions,
  LoaderOptions,
  LoadingOptions,
  NoLoaderOptions,
  PlainKeyOptions,
  SchemaOptions,
  TagOptions,
  ValueOptions,
  WatchOptions,
} from "./declaration.ts";
export type { DeclareNamespace } from "./declare-namespace.ts";
export { days, hours, minutes, seconds } from "./durations.ts";
export type { Isolation } from "./entry/isolation.ts";
export { patternPart } from "./entry/key-pattern.ts";
export type { KeyHashing, KeyHashingOptions } from "./entry/key-secret.ts";
export type { LocalEntryOptions } from "./entry/local-options.ts";
export type { EntryOptions } from "./entry/rules.ts";
export { CacheError, type CacheErrorCode, isCacheError } from "./errors.ts";
export { type BreakerPolicy, guard } from "./guard/guard.ts";
export { guardLoader } from "./guard/guard-loader.ts";
export type { Health, HealthReason, TierHealth } from "./health.ts";
export type { HeldLock } from "./lock/held-lock.ts";
export type { LockOptions } from "./lock/lock-options.ts";
export type { LoadingNamespace, Namespace } from "./namespace.ts";
export { diagnosticsObserver } from "./observers/diagnostics-observer.ts";
export { type LogLevel, type LogOptions, logObserver } from "./observers/log-observer.ts";
export {
  callable,
  checkOptions,
  finiteMs,
  invalidOption,
  lifetimeMs,
  type OptionRule,
  objectWith,
  positiveInteger,
  trueOrFalse,
} from "./option-rules.ts";
export type { OnDisconnect, OutageOptions } from "./outage-options.ts";
export { livenessOf, type ProbeAnswer, type ReadinessOptions, readinessOf } from "./probe-answer.ts";
export type { Explanation, HeldLife, HeldTag, Holding } from "./read/explanation.ts";
export { bytes } from "./serializers/bytes.ts";
export { type CompressOptions, compress } from "./serializers/compress.ts";
export type { CompressionAlgorithm } from "./serializers/compression.ts";
export { type EncryptOptions, encrypt } from "./serializers/encrypt.ts";
export { json } from "./serializers/json.ts";
export type { KeyRingOptions, SecretKey } from "./serializers/key-ring.ts";
export { type SignOptions, sign } from "./serializers/sign.ts";
export type { CacheOptions } from "./stack.ts";
export type { TargetOptions } from "./statistics/hit-rate-target.ts";
export type { HotKey, HotKeysOptions } from "./statistics/hot-keys.ts";
export type { PatternOptions } from "./write/pattern-path.ts";
export type { RemoteOptions, WriteResult } from "./write/remote-options.ts";
export type { InvalidateOptions } from "./write/retraction.ts";
export type { WriteOptions } from "./write/write-path.ts";
