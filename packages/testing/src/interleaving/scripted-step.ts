import type { TakenStep } from "./interleaving-error.ts";
import type { Step } from "./scheduler.ts";

/** A step and how it is taken. */
export interface ScriptedStep extends Step, TakenStep {
  take(): void;
}
