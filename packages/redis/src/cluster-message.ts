/**
 * What travels on the channel of a bus in a cluster. Its nodes hand messages on to one another, and may lose some without a
 * word; so each announcement has a number of its sender's.
 *
 * - `whole`: an announcement.
 * - `first`: an announcement of something that is done in several steps, on several nodes; this was the first of them.
 * - `step`: another step of it has been done.
 * - `wake`: an announcement that nobody misses.
 * - `told`: what the sender has announced and acknowledged of late, as the first and last numbers of ranges.
 */
export type ClusterMessage =
  | { readonly kind: "whole"; readonly by: string; readonly number: number; readonly text: string }
  | {
      readonly kind: "first";
      readonly by: string;
      readonly number: number;
      readonly steps: number;
      readonly text: string;
    }
  | { readonly kind: "step"; readonly by: string; readonly number: number; readonly step: number }
  | { readonly kind: "wake"; readonly text: string }
  | { readonly kind: "told"; readonly by: string; readonly ranges: readonly NumberRange[] };

/** The first and the last of numbers that follow one another. */
export type NumberRange = readonly [first: number, last: number];

/** What marks a message of ours, and the version of its form. */
const MARK = "tiercache-cluster:1";

/** A message as text: a line of words, and behind it what was to be announced. */
export function clusterText(message: ClusterMessage): string {
  return `${[MARK, message.kind, ...wordsOf(message)].join(" ")}\n${"text" in message ? message.text : ""}`;
}

/**
 * What a text on the channel says. Never throws, whatever the text is.
 *
 * @returns `"foreign"` for what was not sent by a cluster's bus; `"unknown"` for what a later version of it may have.
 */
export function readClusterText(text: string): ClusterMessage | "foreign" | "unknown" {
  const end = text.indexOf("\n");
  const [mark, kind, ...words] = text.slice(0, Math.max(end, 0)).split(" ");
  if (mark !== MARK) return mark?.startsWith("tiercache-cluster:") === true ? "unknown" : "foreign";
  return messageOf(kind, words, text.slice(end + 1)) ?? "unknown";
}

function wordsOf(message: ClusterMessage): readonly (string | number)[] {
  if (message.kind === "wake") return [];
  if (message.kind === "told") return [message.by, ...message.ranges.flat()];
  const { by, number } = message;
  if (message.kind === "first") return [by, number, message.steps];
  return message.kind === "step" ? [by, number, message.step] : [by, number];
}

function messageOf(kind: string | undefined, words: readonly string[], text: string): ClusterMessage | undefined {
  if (kind === "wake") return { kind, text };
  const [by, ...rest] = words;
  const numbers = rest.map(Number);
  const [number, detail = 0] = numbers;
  if (by === undefined || !numbers.every(Number.isSafeInteger)) return undefined;
  if (kind === "told") return { kind, by, ranges: rangesOf(numbers) };
  if (number === undefined) return undefined;
  if (kind === "whole") return { kind, by, number, text };
  if (kind === "first") return { kind, by, number, steps: detail, text };
  return kind === "step" ? { kind, by, number, step: detail } : undefined;
}

function rangesOf(numbers: readonly number[]): readonly NumberRange[] {
  const ranges: NumberRange[] = [];
  for (let index = 0; index + 1 < numbers.length; index += 2) {
    ranges.push([numbers[index] as number, numbers[index + 1] as number]);
  }
  return ranges;
}
