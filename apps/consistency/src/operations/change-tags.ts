import { keysUnder, tagOf } from "../key-space.ts";
import { changeTogether } from "./change-together.ts";
import { tagToChange } from "./key-choice.ts";
import type { Operation, OperationPlace } from "./operation.ts";

/** Changes all rows of a tag, then invalidates it. */
export const invalidateTags: Operation = {
  name: "invalidateTags",
  weight: 1.2,
  keys: keysOfATag,
  run: (place, keys) => tagChanged(place, keys, "invalidateTags"),
};

/** Changes all rows of a tag, then deletes what has it. */
export const deleteByTags: Operation = {
  name: "deleteByTags",
  weight: 1.2,
  keys: keysOfATag,
  run: (place, keys) => tagChanged(place, keys, "deleteByTags"),
};

function keysOfATag({ random }: OperationPlace): readonly string[] {
  const tag = tagToChange(random);
  return tag === undefined ? [] : keysUnder(tag);
}

async function tagChanged(
  place: OperationPlace,
  keys: readonly string[],
  operation: "invalidateTags" | "deleteByTags",
): Promise<void> {
  const [first] = keys;
  if (first === undefined) return;
  const tag = tagOf(first);
  const { cache } = place.caches;
  await changeTogether(place, keys, { operation, told: `tag:${tag}`, tell: () => cache[operation]([tag]) });
}
