import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FrameContent, FrameTag } from "../../src/entry/frame.ts";

/** A frame as some release has written it, and what it holds. */
export interface Golden {
  /** Its file, without the extension: `v1-json-object`. */
  readonly name: string;
  readonly format: number;
  readonly key: string;
  readonly frame: Uint8Array;
  readonly content: FrameContent;
  /** The value that a reader is given; only for what JSON can say. */
  readonly value?: unknown;
}

/** What stands in the file beside a frame: numbers that JSON lacks as text, bytes and tokens in hexadecimal. */
export interface GoldenText {
  readonly key: string;
  readonly content: Readonly<Record<string, unknown>> & {
    readonly generation: string;
    readonly tags: readonly (readonly [tag: string, token: string])[] | null;
    readonly payload: string;
  };
  readonly value?: unknown;
}

/** All golden frames, of every format. */
export function goldenFrames(): readonly Golden[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".bin"));
  const names = files.map((file) => file.slice(0, -".bin".length)).toSorted();
  return names.map((name) => {
    const { key, content, ...value } = JSON.parse(fileOf(`${name}.json`).toString()) as GoldenText;
    return {
      name,
      format: Number(/^v(\d+)-/.exec(name)?.[1]),
      key,
      frame: fileOf(`${name}.bin`),
      content: readable(content),
      ...value,
    };
  });
}

/** The text beside a frame. */
export function goldenText(key: string, content: FrameContent): GoldenText {
  const { payload, generation, tags, ...others } = content;
  const { serializerId, isUndefined } = content;
  const plain = Object.entries(others).map(([field, of]) => [
    field,
    of === Number.POSITIVE_INFINITY ? "Infinity" : (of ?? null),
  ]);
  const hidden = {
    generation: hexOf(generation),
    tags: tags?.map(({ tag, token }) => [tag, hexOf(token)] as const) ?? null,
    payload: Buffer.from(payload).toString("hex"),
  };
  const value = serializerId === 1 && !isUndefined ? { value: JSON.parse(Buffer.from(payload).toString()) } : {};
  return { key, content: { ...Object.fromEntries(plain), ...hidden }, ...value };
}

function readable({ payload, generation, tags, ...content }: GoldenText["content"]): FrameContent {
  const fields = Object.entries(content).map(([field, of]) => [
    field,
    of === "Infinity" ? Infinity : (of ?? undefined),
  ]);
  return {
    ...(Object.fromEntries(fields) as Omit<FrameContent, "generation" | "tags" | "payload">),
    generation: BigInt(`0x${generation}`),
    tags: tags?.map(([tag, token]): FrameTag => ({ tag, token: BigInt(`0x${token}`) })),
    payload: Buffer.from(payload, "hex"),
  };
}

function hexOf(token: bigint): string {
  return token.toString(16).padStart(16, "0");
}

function fileOf(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, name));
}
