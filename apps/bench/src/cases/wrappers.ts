import type { Case } from "../case.ts";
import { wrappedSerializers } from "../serializers.ts";

/** What wraps a serializer: signatures, encryption, compression. */
export const wrappers: readonly Case[] = wrappedSerializers().map((comparison, index) => ({
  name: `wrapped-${["100b", "2kb", "50kb"][index] ?? index}`,
  title: comparison.name,
  prepare: async (bench) => ({ ...comparison, timesPerRound: bench.times(comparison.timesPerRound) }),
}));
