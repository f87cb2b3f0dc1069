/** What a schema finds wrong with a value. What it says is never shown: it may quote the value. */
export interface SchemaIssue {
  readonly message: string;
}

/** What a schema makes of a value: what it is from now on, or what is wrong with it. */
export type SchemaResult<V> =
  | { readonly value: V; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/**
 * A description of what a value must look like, as zod, valibot, arktype and others make it: the part of the Standard
 * Schema interface (standardschema.dev, version 1) that a cache needs. `V` is its output type.
 *
 * It is applied to values it has put out before, so a schema that transforms must accept its own output.
 */
export interface Schema<V> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<V> | Promise<SchemaResult<V>>;
    readonly types?: { readonly input: unknown; readonly output: V } | undefined;
  };
}
