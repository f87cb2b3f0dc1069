import { types } from "node:util";

/**
 * A copy that shares nothing with a value: what `structuredClone` makes of it, except for bytes in plain data. A `Buffer`
 * stays one, and bytes take along their own memory alone: `structuredClone` copies all that they are a part of, which for
 * a small `Buffer` is Node's whole pool.
 *
 * @throws `DataCloneError` for a function, a symbol, a proxy and what else has no copy; `RangeError` for a value nested
 * deeper than the stack; what a getter throws.
 */
export function copyOf<T>(value: T): T {
  if (!isShared(value)) return value;
  const copying = new Copying();
  const copy = copying.of(value);
  return copying.metOther ? structuredClone(value) : (copy as T);
}

/** What one caller is given of a value: a copy; the value itself where it has none. */
export function ownCopyOf<T>(value: T): T {
  try {
    return copyOf(value);
  } catch {
    return value;
  }
}

/** One copying of plain data: by recursion, so that a value which goes on without end overflows the stack and is refused. */
class Copying {
  /** Copies by what they were made of: a cycle ends, and what stands at two places is one object in the copy too. */
  readonly #copies = new Map<object, object>();
  #metOther = false;

  /** Whether something was met that is no plain data, so that the copy is of no use. */
  get metOther(): boolean {
    return this.#metOther;
  }

  of(value: unknown): unknown {
    if (!isShared(value)) return value;
    if (typeof value !== "object" || this.#metOther) return this.#other(value);
    return this.#copies.get(value) ?? this.#copied(value);
  }

  #copied(value: object): unknown {
    if (ArrayBuffer.isView(value)) return this.#known(value, bytesOf(value));
    // Before anything else: it could answer whatever it likes.
    if (types.isProxy(value)) return this.#other(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#object(value);
    if (prototype === Array.prototype && Array.isArray(value)) return this.#list(value);
    if (prototype === Map.prototype && types.isMap(value)) return this.#map(value);
    if (prototype === Set.prototype && types.isSet(value)) return this.#set(value);
    if (prototype === Date.prototype && types.isDate(value)) return this.#known(value, new Date(value.getTime()));
    return this.#other(value);
  }

  #object(value: object): unknown {
    // Unlike assignments, this makes own properties of any name.
    const copy: Record<string, unknown> = { ...value };
    if (Object.getOwnPropertySymbols(copy).length > 0) return this.#other(value);
    this.#copies.set(value, copy);
    for (const key of Object.keys(copy)) {
      const part = copy[key];
      if (isShared(part)) copy[key] = this.of(part);
    }
    return copy;
  }

  #list(value: readonly unknown[]): unknown {
    const copy = this.#known(value, Object.values(value));
    // With gaps, or names besides its indices, it is no plain list: these values stand at other places.
    if (copy.length !== value.length) return this.#other(value);
    for (let at = 0; at < copy.length; at++) {
      if (!(at in value)) return this.#other(value);
      const part = copy[at];
      if (isShared(part)) copy[at] = this.of(part);
    }
    return copy;
  }

  #map(value: ReadonlyMap<unknown, unknown>): unknown {
    const copy = this.#known(value, new Map<unknown, unknown>());
    for (const [key, part] of Map.prototype.entries.call(value)) copy.set(this.of(key), this.of(part));
    return copy;
  }

  #set(value: ReadonlySet<unknown>): unknown {
    const copy = this.#known(value, new Set<unknown>());
    for (const part of Set.prototype.values.call(value)) copy.add(this.of(part));
    return copy;
  }

  #known<C extends object>(value: object, copy: C): C {
    this.#copies.set(value, copy);
    return copy;
  }

  #other(value: unknown): unknown {
    this.#metOther = true;
    return value;
  }
}

/** Whether a value is more than a primitive one that can be copied: only such values can be changed by others. */
function isShared(value: unknown): value is object | symbol {
  return (typeof value === "object" && value !== null) || typeof value === "function" || typeof value === "symbol";
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;

/** The same kind of view over memory of its own. @throws `TypeError` for bytes that were transferred away. */
function bytesOf(view: ArrayBufferView): ArrayBufferView {
  const bytes = new Uint8Array(view.byteLength);
  bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  if (Buffer.isBuffer(view)) return Buffer.from(bytes.buffer);
  // Its class, whatever name a subclass goes by; none for a DataView.
  const kind = Reflect.get(typedArray, Symbol.toStringTag, view) as "Uint8Array" | undefined;
  return kind === undefined ? new DataView(bytes.buffer) : new globalThis[kind](bytes.buffer);
}
