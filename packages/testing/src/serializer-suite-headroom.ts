import assert from "node:assert/strict";
import type { Serializer } from "@tiercache/core";
import { assertSame } from "./assert-same.ts";
import type { ContractCase } from "./contract-case.ts";

/** About what the frames of a cache take, and what is easily forgotten. */
const HEADROOMS: readonly number[] = [0, 1, 72, 1_000, 70_000];

/** What must hold of `encodeBehind`, for a serializer that has it. */
export function headroomCases(
  serializer: Serializer,
  values: Readonly<Record<string, unknown>>,
  place: string,
): readonly ContractCase[] {
  if (serializer.encodeBehind === undefined) return [];
  const encodeBehind = serializer.encodeBehind.bind(serializer);
  return [
    {
      title: "what is encoded behind a headroom comes back, whatever is encoded next or written to any headroom",
      async run() {
        const encoded = Object.values(values).flatMap((value) =>
          HEADROOMS.map((headroomBytes) => {
            const memory = encodeBehind(headroomBytes, value, place);
            memory.fill(0xa5, 0, headroomBytes);
            return { memory, headroomBytes, value };
          }),
        );
        for (const { memory, headroomBytes, value } of encoded) {
          assertSame(serializer.decode(memory.subarray(headroomBytes), place), value);
          const headroom = memory.subarray(0, headroomBytes);
          assert.ok(
            headroom.every((byte) => byte === 0xa5),
            "a headroom was written to",
          );
        }
      },
    },
  ];
}
