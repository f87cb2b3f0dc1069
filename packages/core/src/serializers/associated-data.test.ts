import * as fc from "fast-check";
import { expect, test } from "vitest";
import { associatedData, type Binding } from "./associated-data.ts";

const byte = fc.integer({ min: 0, max: 255 });
const binding: fc.Arbitrary<Binding> = fc.record({
  sealer: byte,
  inner: byte,
  keyId: byte,
  place: fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
});

test("two bindings that differ in anything have different data, and neither begins with the other", () => {
  fc.assert(
    fc.property(
      binding,
      fc.record({ sealer: byte, inner: byte, keyId: byte, place: fc.string() }, { requiredKeys: [] }),
      (one, change) => {
        const other = { ...one, ...change };
        const [ofOne, ofOther] = [one, other].map((of) => Buffer.from(associatedData(of)).toString("hex")) as [
          string,
          string,
        ];
        const same = Object.entries(one).every(([name, value]) => other[name as keyof Binding] === value);
        expect(ofOne === ofOther).toBe(same);
        expect(ofOne.startsWith(ofOther)).toBe(same);
      },
    ),
    { numRuns: 2_000, seed: 20_261_120 },
  );
});

test("each of the parts stands where it always will", () => {
  const data = associatedData({ sealer: 4, inner: 2, keyId: 9, place: "é:1" });
  expect([...data]).toEqual([1, 4, 2, 9, 0, 0, 0, 4, 0xc3, 0xa9, 0x3a, 0x31]);
});

test("a place that is no string binds nothing, and is refused", () => {
  for (const place of [undefined, null, 7, {}, Buffer.from("a")]) {
    expect(() => associatedData({ sealer: 4, inner: 2, keyId: 9, place: place as string })).toThrow(TypeError);
  }
});
