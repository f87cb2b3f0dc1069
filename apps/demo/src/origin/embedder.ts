import { hashText } from "./random.ts";

/** How many numbers an embedding has unless told otherwise. */
export const defaultDimensions = 768;

// Words that say nothing about the subject would make any two texts look alike.
const stopWords: ReadonlySet<string> = new Set(
  "a an and are as at before by for from here i in is it its not of on or so that the their them they this to used were what where which who will with you your years".split(
    " ",
  ),
);

// A pair of words counts less than a word: texts share far fewer pairs, and a pair's words are counted already.
const pairWeight = 0.5;

/**
 * A text as a vector of length 1, the same on every machine: similar wording gives a high cosine similarity.
 *
 * Signed feature hashing (Weinberger et al. 2009): each word and each pair of neighbouring words falls into one of the
 * dimensions and adds or subtracts there, so that collisions cancel out on average. It knows words, not meanings; it
 * stands in for a paid model so that the demo runs without a key.
 *
 * @param dimensions a whole number from 1
 */
export function embedText(text: string, dimensions: number = defaultDimensions): Float32Array<ArrayBuffer> {
  const vector = new Float32Array(dimensions);
  let previous: string | undefined;
  for (const word of wordsOf(text)) {
    addFeature(vector, word, 1);
    if (previous !== undefined) addFeature(vector, `${previous} ${word}`, pairWeight);
    previous = word;
  }
  return normalise(vector);
}

/** Letters and digits in lower case, with the signs that tell `C` from `C++` and `node` from `node.js`. */
function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+(?:[.+#/-]+[\p{L}\p{N}]+)*[+#]*/gu) ?? [];
  return words.filter((word) => !stopWords.has(word));
}

function addFeature(vector: Float32Array, feature: string, weight: number): void {
  const hash = hashText(feature);
  const index = (hash >>> 1) % vector.length;
  vector[index] = (vector[index] ?? 0) + ((hash & 1) === 0 ? weight : -weight);
}

function normalise(vector: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  let sumOfSquares = 0;
  for (const value of vector) sumOfSquares += value * value;
  if (sumOfSquares === 0) {
    // A text without words still needs a length of 1, or every similarity with it would be NaN.
    vector[0] = 1;
    return vector;
  }
  const length = Math.sqrt(sumOfSquares);
  for (let index = 0; index < vector.length; index += 1) vector[index] = (vector[index] ?? 0) / length;
  return vector;
}
