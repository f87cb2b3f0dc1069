import { deleteByTags, invalidateTags } from "./change-tags.ts";
import { clear } from "./clear.ts";
import { deleteMany } from "./delete-many.ts";
import { get } from "./get.ts";
import { getMany } from "./get-many.ts";
import { invalidate } from "./invalidate.ts";
import { lock } from "./lock.ts";
import type { Operation } from "./operation.ts";
import { read } from "./read.ts";
import { set } from "./set.ts";

/** What workers do: add an operation by adding it here, and what it promises by a judge of it. */
export const OPERATIONS: readonly Operation[] = [
  read,
  get,
  getMany,
  invalidate,
  deleteMany,
  set,
  invalidateTags,
  deleteByTags,
  clear,
  lock,
];
