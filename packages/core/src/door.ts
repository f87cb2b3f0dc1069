import { CloningDoor } from "./cloning-door.ts";
import type { KeyOf } from "./contracts/key.ts";
import type { Declaration } from "./declaration.ts";
import { FrontDoor } from "./front-door.ts";
import { HotDoor } from "./hot-door.ts";
import type { Namespace } from "./namespace.ts";
import { PlainDoor } from "./plain-door.ts";
import { Companions } from "./read/companions.ts";
import { learns } from "./read/learned.ts";
import type { Stack } from "./stack.ts";

/**
 * Opens the door that a declaration asks for: each does what its namespace needs and no more.
 *
 * @throws `INVALID_OPTION`.
 */
export function doorOf<K extends readonly unknown[], V>(
  stack: Stack,
  name: string,
  declaration: Declaration<K, V>,
): Namespace<K, V> {
  const door = sharingDoorOf(stack, name, declaration);
  const namespace = door.family.rules.isolate === "clone" ? new CloningDoor(door) : door;
  learns(namespace, new Companions(door.family, (key, value) => door.keyed(key as KeyOf<K>, value as V)));
  return namespace;
}

function sharingDoorOf<K extends readonly unknown[], V>(
  stack: Stack,
  name: string,
  declaration: Declaration<K, V>,
): FrontDoor<K, V> {
  const { hotKeys = false } = declaration ?? {};
  if (hotKeys !== false) return new HotDoor(stack, name, declaration);
  if (declaration?.key !== undefined) return new FrontDoor(stack, name, declaration);
  // Without a `key`, the signatures say that `K` is one string.
  return new PlainDoor(stack, name, declaration as unknown as Declaration<[id: string], V>) as unknown as FrontDoor<
    K,
    V
  >;
}
