import type { Schema, SchemaResult } from "@tiercache/core";

/** A Standard Schema of one function, as an application without a schema library would write it. */
export function schemaOf<V>(validate: (value: unknown) => SchemaResult<V> | Promise<SchemaResult<V>>): Schema<V> {
  return { "~standard": { version: 1, vendor: "hand-written", validate } };
}

export interface Job {
  readonly id: string;
  readonly pay: number;
}

function isJob(value: unknown): value is Job {
  if (typeof value !== "object" || value === null) return false;
  const { id, pay } = value as Partial<Job>;
  return typeof id === "string" && typeof pay === "number";
}

/** Accepts a job, and puts out one with no other members. */
export function jobOf(value: unknown): SchemaResult<Job> {
  if (!isJob(value)) return { issues: [{ message: `not a job: ${JSON.stringify(value)}` }] };
  const { id, pay } = value;
  return { value: { id, pay } };
}
