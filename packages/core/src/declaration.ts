import type { KeyParts } from "./contracts/key.ts";
import type { BatchLoader, Loader } from "./contracts/loader.ts";
import type { Schema } from "./contracts/schema.ts";
import type { Serializer } from "./contracts/serializer.ts";
import { EntryCodec } from "./entry/codec.ts";
import { DEFAULT_FRAME_FORMAT, VERSIONED_FRAME_FORMAT } from "./entry/frame-formats.ts";
import { hashKeysRule, type KeyHashingOptions, keySecretOf } from "./entry/key-secret.ts";
import { type EntryOptions, entryOptionRules, rulesOf } from "./entry/rules.ts";
import { type Migrate, ValueCheck } from "./entry/value-check.ts";
import { callable, checkOptions, invalidOption, type OptionRule } from "./option-rules.ts";
import { serializerRule } from "./serializers/serializer-rules.ts";
import { checkSerializer, type Stack } from "./stack.ts";
import { type TargetOptions, targetRule } from "./statistics/hit-rate-target.ts";
import { type HotKeysOptions, hotKeysRule } from "./statistics/hot-keys.ts";
import { Family } from "./write/family.ts";

/** What a key is of besides its parts: what its value is to be invalidated by. */
export interface TagOptions<K extends readonly unknown[]> {
  /**
   * Makes the tags of a key from its arguments: its value goes when one of them is invalidated, together with all that has that
   * tag in any namespace of the cache. Called for what the local tier cannot answer, and by `set`. At most 32 tags, each a
   * well-formed string of 1 to 128 UTF-16 units other than `"*"`. Where it throws or returns something else, the read or write rejects
   * with `INVALID_OPTION`. @defaultValue no tags
   */
  readonly tags?: (...args: K) => readonly string[];
}

/** A key of one argument, a string, which is the key's only part. How long it may be: see {@link KeyOptions}. */
export interface PlainKeyOptions extends KeyHashingOptions, TagOptions<[id: string]> {
  readonly key?: undefined;
}

/** A key of any arguments. `K` is their tuple. */
export interface KeyOptions<K extends readonly unknown[]> extends KeyHashingOptions, TagOptions<NoInfer<K>> {
  /**
   * Makes the parts of a key from its arguments; its parameters are the arguments of `get`. Parts are escaped and
   * joined by `:`, so that no two lists of parts meet in one key. Called on every read: keep it cheap.
   *
   * A key may be 65,536 UTF-16 units long once it is escaped. One of more than 256 is held under its beginning and a
   * hash, which is made on every read.
   */
  readonly key: (...args: K) => KeyParts;
}

/** How the values of a key family look, and how they travel. */
export interface ValueOptions<V> extends EntryOptions<NoInfer<V>>, WatchOptions {
  /**
   * What a value must look like: any Standard Schema (zod, valibot, arktype). Applied to what a remote tier returns; what it
   * refuses is a miss, told to the observer as `frame-rejected`. Its output type is the type of the values, and what the
   * loader returns must be of that type; it is not checked again at run time.
   */
  readonly schema?: Schema<V>;
  /**
   * The version of the values' shape, a whole number from 0 to 65,535; to be raised with each change that old values do not
   * fit. It travels with each value: what an earlier version wrote is handed to `migrate`, or is a miss that is replaced;
   * what a later version wrote is a miss and left where it is, so that two versions can run side by side.
   * @defaultValue 0
   */
  readonly schemaVersion?: number;
  /**
   * Makes a value of today from one that an earlier version wrote, or that the schema refuses; the schema has the last
   * word on its result. Returning `undefined` or throwing makes it a miss. May return a promise. Called on each read of an old
   * value until that is replaced. Check and migration of one value together get as long as a loader: `hardTimeoutMs`.
   */
  readonly migrate?: Migrate<NoInfer<V>>;
  /**
   * Tells the version of a value, a whole number from 0 to 2^53 - 1 that only grows with each change of its origin, as a row's
   * counter or the time of its last change does. Then a value is never replaced by one of a lower version, in whichever order
   * loads and writes end; and `invalidateMany(keys, { version })` keeps out what is older than the change it was called for, however far a
   * replica lags behind. A value of which it returns anything else, or throws, has no version: it is kept only where no version is
   * known. Called for what is loaded, set, or found in a remote tier. @defaultValue values have no versions
   */
  readonly version?: (value: NoInfer<V>) => number | undefined;
  /** Turns this family's values into bytes. @defaultValue the cache's */
  readonly serializer?: Serializer;
}

/** How a key family is watched. */
export interface WatchOptions {
  /**
   * What the hit rate shall be: the observer is told when that of the last five minutes falls short of it, and when it
   * has recovered. Needs the cache's `statistics`. @defaultValue none
   */
  readonly target?: TargetOptions;
  /** Whether to know the keys that are read most; every read pays for it. @defaultValue false */
  readonly hotKeys?: boolean | HotKeysOptions;
}

/**
 * The declaration of a key family whose values are loaded one by one, or, in a batch, all at once. `L` is what the loaders
 * make, which fits into `V`.
 */
export interface LoaderOptions<K extends readonly unknown[], V, L extends V = V> extends ValueOptions<V> {
  /** Makes the value of a key that no tier has. */
  readonly load: Loader<K, L>;
  /** Makes the values of all keys of a `getMany` that no tier has. @defaultValue `load`, for each key */
  readonly loadMany?: BatchLoader<K, L>;
}

/** The declaration of a key family whose values are always loaded as a list, also when only one is asked for. */
export interface BatchLoaderOptions<K extends readonly unknown[], V, L extends V = V> extends ValueOptions<V> {
  readonly load?: undefined;
  /** Makes the values of all keys that no tier has. */
  readonly loadMany: BatchLoader<K, L>;
}

/** The declaration of a key family with a loader of either kind. */
export type LoadingOptions<K extends readonly unknown[], V, L extends V = V> =
  | LoaderOptions<K, V, L>
  | BatchLoaderOptions<K, V, L>;

/** The declaration of a key family with a loader, whose values are what a schema says. */
export type SchemaOptions<K extends readonly unknown[], V> = NoInfer<LoadingOptions<K, V>> & {
  readonly schema: Schema<V>;
};

/** The declaration of a key family without a loader. */
export interface NoLoaderOptions<V> extends ValueOptions<V> {
  readonly load?: undefined;
  readonly loadMany?: undefined;
}

/** A namespace's declaration in its widest form. */
export interface Declaration<K extends readonly unknown[], V>
  extends ValueOptions<V>,
    KeyHashingOptions,
    TagOptions<K> {
  readonly key?: ((...args: K) => KeyParts) | undefined;
  readonly load?: Loader<K, V> | undefined;
  readonly loadMany?: BatchLoader<K, V> | undefined;
}

const HIGHEST_SCHEMA_VERSION = 65_535;

const declarationRules: Readonly<Record<keyof Declaration<readonly unknown[], unknown>, OptionRule>> = {
  ...entryOptionRules,
  key: callable,
  tags: callable,
  hashKeys: hashKeysRule,
  load: callable,
  loadMany: callable,
  schema: { allowed: "a Standard Schema of version 1", accepts: isSchema },
  schemaVersion: {
    allowed: `a whole number from 0 to ${HIGHEST_SCHEMA_VERSION}`,
    accepts: (value) =>
      Number.isInteger(value) && (value as number) >= 0 && (value as number) <= HIGHEST_SCHEMA_VERSION,
  },
  migrate: callable,
  version: callable,
  serializer: serializerRule,
  target: targetRule,
  hotKeys: hotKeysRule,
};

/**
 * Checks a namespace's declaration and makes what its paths share.
 *
 * @throws `INVALID_OPTION`.
 */
export function familyOf<K extends readonly unknown[], V>(
  stack: Stack,
  name: string,
  declaration: Declaration<K, V>,
): Family<V> {
  const owner = `namespace "${name}"`;
  checkOptions(owner, declaration, declarationRules);
  const {
    key,
    tags,
    hashKeys,
    schema,
    schemaVersion = 0,
    migrate,
    version,
    serializer = stack.serializer,
    target,
  } = declaration;
  checkSerializer(owner, serializer);
  const secret = keySecretOf(hashKeys, stack.keySecret);
  if (tags !== undefined && secret !== undefined && stack.keySecret === undefined) {
    const allowed =
      "tags in a cache that has hashKeys itself, as all of its namespaces share them and they name people as keys do";
    throw invalidOption(`${owner}.tags`, tags, { allowed });
  }
  checkVersioning(owner, version, stack);
  const isChecked = schema !== undefined || migrate !== undefined || schemaVersion > 0;
  return new Family<V>(stack, {
    name,
    rules: rulesOf(owner, declaration, stack.rules),
    composed: key !== undefined,
    secret,
    tagsOf: tags,
    versionOf: version,
    codec: new EntryCodec(serializer, schemaVersion, stack.frameFormat ?? DEFAULT_FRAME_FORMAT),
    target,
    valueCheck: isChecked ? new ValueCheck({ schema, schemaVersion, migrate }) : undefined,
  });
}

/** @throws `INVALID_OPTION` where frames are to be written in a format that has no place for versions. */
function checkVersioning(owner: string, version: unknown, { frameFormat = VERSIONED_FRAME_FORMAT }: Stack): void {
  if (version === undefined || frameFormat >= VERSIONED_FRAME_FORMAT) return;
  const allowed = `version in a cache whose frameFormat is not set below ${VERSIONED_FRAME_FORMAT}, as earlier formats have no place for it`;
  throw invalidOption(`${owner}.version`, version, { allowed });
}

function isSchema(value: unknown): boolean {
  // Some libraries make schemas that are functions.
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  const standard: unknown = (value as Partial<Schema<unknown>>)["~standard"];
  if (typeof standard !== "object" || standard === null) return false;
  const { version, validate } = standard as Partial<Schema<unknown>["~standard"]>;
  return version === 1 && typeof validate === "function";
}
