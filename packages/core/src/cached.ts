import type { Cache } from "./cache.ts";
import type { KeyPart, KeyParts } from "./contracts/key.ts";
import type { LoaderContext } from "./contracts/loader.ts";
import type { TagOptions } from "./declaration.ts";
import { type EntryOptions, entryOptionRules } from "./entry/rules.ts";
import { CacheError } from "./errors.ts";
import type { LoadingNamespace } from "./namespace.ts";
import { callable, checkOptions, invalidOption, type OptionRule, objectWith } from "./option-rules.ts";

/** Where the results of a function are kept and for how long. */
export interface CachedOptions<V> extends EntryOptions<V> {
  readonly cache: Cache;
  /** The name of the namespace that is declared for the results; unique in the cache. */
  readonly name: string;
}

/**
 * The `key` of a {@link cached} function, which may be left out where the arguments make a key by themselves: there are
 * none, or all are required and key parts. An argument that may be left out makes no key: only the function knows which
 * value its absence stands for.
 */
export type CachedKey<K extends readonly unknown[]> = K extends readonly [] | readonly [KeyPart, ...KeyPart[]]
  ? {
      /** Makes the parts of the key from the function's arguments. @defaultValue the arguments */
      readonly key?: (...args: K) => KeyParts;
    }
  : {
      /** Makes the parts of the key from the function's arguments. What it leaves out tells no two calls apart. */
      readonly key: (...args: K) => KeyParts;
    };

/** A function that reads through a cache. Needs no `this`; made by {@link cached}. */
export interface CachedFunction<K extends readonly unknown[], V> {
  /** The function's result, from the nearest tier that has it, else from the function. */
  (...args: K): Promise<V>;
  /** The namespace of the results, whose keys are the function's arguments. */
  readonly namespace: LoadingNamespace<K, V>;
}

/** Where the results of a method are kept, for how long, and what tells them apart. */
export interface CachedMethodOptions<This, K extends readonly unknown[], V>
  extends CachedOptions<V>,
    TagOptions<[self: This, ...args: K]> {
  /**
   * Makes the parts of the key from what the method is called on and its arguments. Instances share what has the same
   * key: every part of an instance's state that the result depends on must be in it.
   */
  readonly key: (self: This, ...args: K) => KeyParts;
}

/** Puts a cache in front of one method, which returns a promise. Made by {@link cachedMethod}. */
export interface CachedMethodDecorator<This, K extends readonly unknown[], V> {
  (
    method: (this: This, ...args: K) => Promise<V>,
    context: ClassMethodDecoratorContext<This, (this: This, ...args: K) => Promise<V>>,
  ): (this: This, ...args: K) => Promise<V>;
  /** The namespace of the results, whose keys are what the method is called on and then its arguments. */
  readonly namespace: LoadingNamespace<[self: This, ...args: K], V>;
}

type AnyFunction = (this: never, ...args: never) => unknown;

const NO_ARGUMENTS: KeyParts = ["()"];

const optionRules: Readonly<Record<string, OptionRule>> = {
  ...entryOptionRules,
  cache: objectWith("a cache", "namespace"),
  // What a name may be is the namespace's to say.
  name: { allowed: "the name of a namespace", accepts: () => true },
  key: callable,
  tags: callable,
};

/**
 * Puts a cache in front of a function: declares a namespace whose keys are the function's arguments, and whose loader
 * is the function.
 *
 * The function is called with the arguments alone, without a loader's context, which would land in whatever parameter
 * comes next. A function that wants one is a loader: declare a namespace with it. It is also called without
 * `this`: what depends on an object is a method, for {@link cachedMethod}.
 *
 * @throws {@link CacheError} `INVALID_OPTION`. The returned function throws nothing; it rejects with what the function
 * throws, as it is, and as {@link LoadingNamespace.get} does.
 *
 * @example
 * ```ts
 * import { cached, createCache, minutes } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 *
 * const cache = createCache({ tiers: [lru()] });
 * const distance = cached(async (from: string, to: string) => from.length + to.length, {
 *   cache,
 *   name: "distance",
 *   ttlMs: minutes(10),
 * });
 * console.log(await distance("Bern", "Basel")); // 9
 * console.log(distance.namespace.peek("Bern", "Basel")); // 9
 * await distance.namespace.invalidate("Bern", "Basel");
 * await cache.close();
 * ```
 */
export function cached<F extends (this: void, ...args: never) => unknown>(
  fn: F,
  // From `F`, not from a tuple of its own: a `key` that names an optional argument would make it a required one.
  options: CachedOptions<Awaited<ReturnType<F>>> & CachedKey<Parameters<F>> & TagOptions<Parameters<F>>,
): CachedFunction<Parameters<F>, Awaited<ReturnType<F>>> {
  type K = Parameters<F>;
  type V = Awaited<ReturnType<F>>;
  if (!callable.accepts(fn)) throw invalidOption("The function handed to cached", fn, callable);
  checkOwnOptions("cached", options);
  const { cache, name, key, ...rules } = options as CachedOptions<V> &
    TagOptions<K> & { readonly key?: (...args: K) => KeyParts };
  const namespace = cache.namespace<V, K>(name, {
    ...rules,
    key: key ?? argumentsAsParts,
    load: (...given) => Reflect.apply(fn, undefined, withoutContext<K>(given)) as V | PromiseLike<V>,
  });
  const read = (...args: K): Promise<V> => namespace.get(...args);
  return Object.defineProperties(read, {
    ...likenessOf(fn),
    namespace: { value: namespace, enumerable: true },
  }) as CachedFunction<K, V>;
}

/**
 * Makes a standard (ECMAScript) decorator that puts a cache in front of a method. The namespace is declared at once, for
 * all instances; a load runs on the instance that asked for it. Static, private and inherited methods are methods like
 * others.
 *
 * `key` is never left out: whether two instances may share a result cannot be seen from the arguments. Behind an `@` all
 * types are taken from the method; a decorator that is held, for its namespace, is told them.
 *
 * @throws {@link CacheError} `INVALID_OPTION`; from the decorator too, when it is put on anything but a method, on a
 * second one, or applied as a legacy decorator.
 *
 * @example
 * ```typescript
 * const cachedJob = cachedMethod<Jobs, [id: string], Job>({
 *   cache,
 *   name: "job",
 *   key: ({ tenant }, id) => [tenant, id],
 * });
 *
 * class Jobs {
 *   readonly tenant = "acme";
 *
 *   @cachedJob
 *   async find(id: string): Promise<Job> {
 *     return database.job(this.tenant, id);
 *   }
 *
 *   async rename(id: string, title: string): Promise<void> {
 *     await database.rename(this.tenant, id, title);
 *     await cachedJob.namespace.invalidate(this, id);
 *   }
 *
 *   @cachedMethod({ cache, name: "job-count", key: ({ tenant }) => [tenant], ttlMs: minutes(1) })
 *   async count(): Promise<number> {
 *     return database.countJobs(this.tenant);
 *   }
 * }
 * ```
 */
export function cachedMethod<This, K extends readonly unknown[], V>(
  options: CachedMethodOptions<This, K, V>,
): CachedMethodDecorator<This, K, V> {
  type Method = (this: This, ...args: K) => Promise<V>;
  checkOwnOptions("cachedMethod", options);
  if (options.key === undefined) throw invalidOption("cachedMethod.key", undefined, callable);
  const { cache, name, key, ...rules } = options;
  let decorated: Method | undefined;
  const namespace = cache.namespace<V, [self: This, ...args: K]>(name, {
    ...rules,
    key,
    load: (self, ...given) => {
      if (decorated === undefined) throw misapplied(name, "no method yet");
      return Reflect.apply(decorated, self, withoutContext<K>(given));
    },
  });
  function read(this: This, ...args: K): Promise<V> {
    return namespace.get(this, ...args);
  }
  function decorate(method: Method, context: ClassMethodDecoratorContext<This, Method>): Method {
    // A legacy decorator (`experimentalDecorators`) is given the method's name for a context.
    if (Object(context).kind !== "method") throw misapplied(name, "something else than a method, or as a legacy one");
    // Two methods would answer with one another's results.
    if (decorated !== undefined) throw misapplied(name, "a second method");
    decorated = method;
    return Object.defineProperties(read, likenessOf(method));
  }
  return Object.assign(decorate, { namespace });
}

function checkOwnOptions(owner: string, options: { readonly cache: Cache }): void {
  checkOptions(owner, options, optionRules);
  if (options?.cache === undefined)
    throw invalidOption(`${owner}.cache`, undefined, objectWith("a cache", "namespace"));
}

function misapplied(name: string, what: string): CacheError {
  const allowed = "one method, compiled without experimentalDecorators";
  return new CacheError("INVALID_OPTION", `The decorator "${name}" decorates ${what}; allowed is ${allowed}.`);
}

/** The name and the number of parameters of a function, for what stands in its place. */
function likenessOf({ name, length }: AnyFunction): PropertyDescriptorMap {
  return { name: { value: name, configurable: true }, length: { value: length, configurable: true } };
}

/** What a loader was called with, without its last argument. */
function withoutContext<K extends readonly unknown[]>(given: readonly [...args: K, context: LoaderContext]): K {
  return given.slice(0, -1) as unknown as K;
}

/** The key of a function that declares none. That its arguments are key parts is checked as for any key. */
function argumentsAsParts(...args: readonly unknown[]): KeyParts {
  return args.length === 0 ? NO_ARGUMENTS : (args as KeyParts);
}
