import type { Reading, ReadOptions } from "@tiercache/core";

/** What a caller asks of one read besides the value: to leave before it is there, or to have it made now. */
export type Wish = ReadOptions & { readonly from?: "any" | "load" };

/** The answer where a value cannot even be asked for, since something that it is made of does not exist. */
export const nothing: Reading<undefined> = { value: undefined, source: undefined, ageMs: undefined, stale: undefined };
