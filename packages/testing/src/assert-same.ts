import assert from "node:assert/strict";

/** Stands for an invalid date, of which older Nodes say that no two are equal. */
const INVALID_DATE = Symbol("an invalid date");

/** Asserts that two values are deeply and strictly equal, on every version of Node alike. */
export function assertSame(actual: unknown, expected: unknown): void {
  assert.deepStrictEqual(comparable(actual), comparable(expected));
}

function comparable(value: unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? INVALID_DATE : value;
  if (Array.isArray(value)) return value.map(comparable);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [comparable(key), comparable(item)]));
  if (value instanceof Set) return new Set([...value].map(comparable));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, comparable(item)]));
}
