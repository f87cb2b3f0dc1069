/** What is kept in golden files, by name. A name that is there is not to be given another value. */
export const samples: Readonly<Record<string, unknown>> = {
  null: null,
  "whole numbers": [0, 1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER],
  "negative numbers": [-1, -32, -33, -128, -129, -32_768, -32_769, -(2 ** 31), -(2 ** 31) - 1, Number.MIN_SAFE_INTEGER],
  fractions: [
    0.1,
    -1.5,
    Math.PI,
    1e300,
    Number.MIN_VALUE,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ],
  "minus zero": [-0, { a: -0, b: 0 }],
  bigints: [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, 2n ** 64n - 1n],
  strings: ["", "a", "a".repeat(31), "a".repeat(32), "é日本🙂", "é".repeat(15), "é".repeat(16), "b".repeat(300)],
  dates: [new Date(0), new Date(1), new Date(1_763_600_000_123), new Date(-1), new Date(8.64e15), new Date(Number.NaN)],
  undefined: [undefined, { a: undefined }],
  lists: [[], [1], Array.from({ length: 16 }, (_, index) => index), [[[]]]],
  objects: [{}, { id: 7, name: "é", "": 1, 10: 2, constructor: null }, Object.fromEntries(keys(16)), { a: { b: {} } }],
  bytes: [Uint8Array.of(), Uint8Array.of(1, 2, 255), new Uint8Array(300).fill(9)],
  arrays: [
    Int8Array.of(-1),
    Uint8ClampedArray.of(255),
    Int16Array.of(-2),
    Uint16Array.of(2),
    Int32Array.of(-3),
    Uint32Array.of(3),
    Float32Array.of(1.5),
    Float64Array.of(0.1),
    BigInt64Array.of(-4n),
    BigUint64Array.of(4n),
    Uint8Array.of(5, 6).buffer,
    new DataView(Uint8Array.of(7).buffer),
  ],
  vector: Float32Array.of(0.1, -0, 1e-45),
  maps: [
    new Map(),
    new Map<unknown, unknown>([
      ["a", 1],
      [2, new Map([[{ b: 1 }, -0]])],
    ]),
  ],
  sets: [new Set(), new Set<unknown>(["a", -1, [new Set([1])], new Map([["a", new Set([-1])]])])],
  match: {
    userId: 1234,
    jobId: 5678,
    score: 87.5,
    reasons: ["typescript", "redis"],
    at: new Date(5_000),
    stale: false,
  },
};

function keys(many: number): readonly (readonly [string, number])[] {
  return Array.from({ length: many }, (_, index) => [`k${index}`, index] as const);
}
