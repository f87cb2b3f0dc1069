/** One part of a key. Numbers must be finite; `1` and `"1"` are the same part. */
export type KeyPart = string | number | bigint | boolean;

/** The parts of a key in order, at least one, joined to one string such as `1234:5678`. */
export type KeyParts = readonly KeyPart[];

/**
 * A key handed over as one argument: the tuple of its arguments, or, where it has only one, that argument itself.
 * A key whose one argument is an array must be given as a tuple.
 */
export type KeyOf<K extends readonly unknown[]> = K | (K extends readonly [infer Only] ? Only : never);
