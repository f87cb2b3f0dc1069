import assert from "node:assert/strict";
import type { Serializer } from "@tiercache/core";
import { assertSame } from "./assert-same.ts";
import type { ContractCase } from "./contract-case.ts";

/** About what the frames of a cache take, and what is easily forgotten. */
const HEADROOMS: readonly number[] = [0, 1, 72, 1_000, 70_000];

/** What must hold of a serializer that leaves a headroom when it is asked to; the others ignore it. */
export function headroomCases(
  serializer: Serializer,
  values: Readonly<Record<string, unknown>>,
  place: string,
): readonly ContractCase[] {
  return [
    {
      title: "what is encoded behind a headroom comes back, whatever is encoded next or written to any headroom",
      async run() {
        const encoded = Object.values(values).flatMap((value) =>
          HEADROOMS.flatMap((bytes) => {
            const headroom = { bytes, isLeft: false };
            const memory = serializer.encode(value, place, headroom);
            if (!headroom.isLeft) return [];
            memory.fill(0xa5, 0, bytes);
            return [{ memory, bytes, value }];
          }),
        );
        for (const { memory, bytes, value } of encoded) {
          assertSame(serializer.decode(memory.subarray(bytes), place), value);
          const headroom = memory.subarray(0, bytes);
          assert.ok(
            headroom.every((byte) => byte === 0xa5),
            "a headroom was written to",
          );
        }
      },
    },
  ];
}
