import { z } from "zod";
import { ProviderError } from "./provider-error.ts";

const answerSchema = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.union([z.string(), z.array(z.number())]) })),
  usage: z.object({ total_tokens: z.int().min(0) }),
});

/** What a provider's answer must hold to be accepted. */
export interface ExpectedEmbeddings {
  /** How many texts were sent. */
  readonly texts: number;
  /** How many numbers each vector must have. */
  readonly dimensions: number;
}

/** A provider's answer, decoded. */
export interface DecodedEmbeddings {
  /** In the order of the texts. */
  readonly vectors: readonly Float32Array<ArrayBuffer>[];
  readonly tokens: number;
}

/**
 * Decodes a provider's answer, base64 or lists of numbers, in whatever order it comes.
 *
 * @throws ProviderError with `BAD_ANSWER` when a text has no vector, two, or one of another length
 */
export function decodeAnswer(body: unknown, expected: ExpectedEmbeddings): DecodedEmbeddings {
  const answer = answerSchema.safeParse(body);
  if (!answer.success) throw badAnswer("not a list of embeddings");
  const { data, usage } = answer.data;
  if (data.length !== expected.texts) throw badAnswer(`${data.length} embeddings for ${expected.texts} texts`);

  const vectors = new Map(data.map((item) => [item.index, decodeVector(item.embedding, expected.dimensions)]));
  const ordered = Array.from({ length: expected.texts }, (_, index) => {
    const vector = vectors.get(index);
    if (vector === undefined) throw badAnswer(`no embedding for text ${index}`);
    return vector;
  });
  return { vectors: ordered, tokens: usage.total_tokens };
}

function decodeVector(embedding: string | readonly number[], dimensions: number): Float32Array<ArrayBuffer> {
  const vector = typeof embedding === "string" ? decodeBase64(embedding) : Float32Array.from(embedding);
  if (vector.length !== dimensions) throw badAnswer(`${vector.length} dimensions instead of ${dimensions}`);
  if (!vector.every(Number.isFinite)) throw badAnswer("a number that is not finite");
  return vector;
}

function decodeBase64(text: string): Float32Array<ArrayBuffer> {
  const bytes = Buffer.from(text, "base64");
  if (bytes.byteLength % 4 !== 0) throw badAnswer("base64 that is no list of 32-bit floats");
  // A copy of its own: small buffers share a pool, at offsets that four-byte floats cannot start at.
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

function badAnswer(what: string): ProviderError {
  return new ProviderError("BAD_ANSWER", `The embedding provider answered with ${what}`);
}
