import type { Serializer } from "../contracts/serializer.ts";
import { invalidOption, type OptionRule, objectWith } from "../option-rules.ts";

/** What a serializer must be able to do. */
export const serializerRule: OptionRule = objectWith("a serializer", "encode", "decode");

/** What a serializer may be called in a frame. */
export const serializerIdRule: OptionRule = {
  allowed: "a whole number from 1 to 255",
  accepts: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 255,
};

/**
 * Checks the serializer that another one wraps. Its id becomes a part of the wrapper's bytes.
 *
 * @param owner - The wrapper's name.
 * @throws `INVALID_OPTION`.
 */
export function checkInnerSerializer(owner: string, serializer: Serializer): void {
  if (!serializerRule.accepts(serializer))
    throw invalidOption(`The serializer of ${owner}`, serializer, serializerRule);
  if (!serializerIdRule.accepts(serializer.id))
    throw invalidOption(`The serializer.id of ${owner}`, serializer.id, serializerIdRule);
}
