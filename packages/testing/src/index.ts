export { type ChaosTier, chaos } from "./chaos/chaos.ts";
export type { ChaosCall, ChaosOperation } from "./chaos/chaos-operation.ts";
export type { HeldCall, HoldPoint } from "./chaos/held-call.ts";
export type { HeldMessage, MessageKind } from "./chaos/held-message.ts";
export type { MessagesUnderWay } from "./chaos/messages-under-way.ts";
export type { ContractCase } from "./contract-case.ts";
export { entryOf } from "./entry-of.ts";
export { type Exploration, exploreInterleavings } from "./interleaving/explore-interleavings.ts";
export type { Interleaving } from "./interleaving/interleaving.ts";
export { InterleavingError } from "./interleaving/interleaving-error.ts";
export type { History, InterleavingsOptions, Operations } from "./interleaving/interleavings-options.ts";
export type { Outcome } from "./interleaving/outcome.ts";
export type { FaultKind } from "./interleaving/scheduler.ts";
export type { ScriptedProcess, ScriptedTierOptions } from "./interleaving/scripted-process.ts";
export { type LocalTierSuiteOptions, localTierSuite } from "./local-tier-suite.ts";
export { type ManualClock, manualClock } from "./manual-clock.ts";
export {
  type MemoryRestart,
  type MemoryServer,
  type MemoryServerOptions,
  memoryServer,
  memoryTier,
} from "./memory/memory-server.ts";
export type { MemoryRecord, MemorySnapshot } from "./memory/memory-store.ts";
export type { MemoryTier } from "./memory/memory-tier.ts";
export type { PlainMemoryTier } from "./memory/plain-memory-tier.ts";
export { type RecordingObserver, recordingObserver } from "./recording-observer.ts";
export { busSuite } from "./remote/bus-suite.ts";
export { fenceSuite } from "./remote/fence-suite.ts";
export { lockSuite } from "./remote/lock-suite.ts";
export { remoteTierSuite } from "./remote/remote-tier-suite.ts";
export type { OpenRemoteTier, RemoteTierUnderTest } from "./remote/remote-trial.ts";
export { scanSuite } from "./remote/scan-suite.ts";
export { type SerializerSuiteOptions, serializerSuite } from "./serializer-suite.ts";
