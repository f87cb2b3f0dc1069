const words = "senior engineer typescript redis cloud platform data remote berlin team product search growth".split(
  " ",
);

/** The same words each time, of so many characters in all. */
function textOf(length: number, seed: number): string {
  let text = "";
  for (let word = seed * 7; text.length < length; word += 5) text += `${words[word % words.length]} `;
  return text.slice(0, length).trim();
}

/** So many 32-bit floats, as an embedding has. */
export function vectorOf(length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => Math.sin(index));
}

/** About 100 bytes, as a cached score is. */
export const score = {
  userId: 1_234,
  jobId: 5_678,
  score: 87.5,
  reasons: ["typescript", "redis", "remote"],
  computedAt: 1_763_600_000_123,
  stale: false,
};

/** About 2 KB: twenty matches. */
export const matches = Array.from({ length: 20 }, (_, index) => ({
  jobId: 10_000 + index * 37,
  score: (index * 13) % 100,
  title: textOf(24, index),
  city: ["Berlin", "München", "Zürich"][index % 3],
  remote: index % 2 === 0,
  salary: 60_000 + index * 1_000,
}));

/** About 50 KB: a feed page of thirty jobs with their descriptions. */
export const page = {
  total: 1_234,
  page: 1,
  jobs: Array.from({ length: 30 }, (_, index) => ({
    id: 100_000 + index,
    title: textOf(30, index),
    companyName: textOf(14, index + 3),
    city: "Hamburg",
    country: "DE",
    remote: index % 2 === 0,
    salaryFromEurPerYear: 60_000,
    salaryToEurPerYear: 90_000 + index,
    seniority: "senior",
    category: "engineering",
    skills: Array.from({ length: 6 }, (_item, skill) => words[(index + skill) % words.length]),
    description: textOf(1_360, index),
    postedAtMs: 1_763_600_000_123 - index * 1_000_000,
    viewCount: index * 37,
  })),
};

/** A value of a size that a cache holds. */
export interface SampleValue {
  /** Names it in the names of cases. */
  readonly name: string;
  readonly title: string;
  readonly value: unknown;
  /** How often it is encoded or read in a round that takes some tens of ms. */
  readonly timesPerRound: number;
}

/** The values that everything with bytes is measured with. */
export const sampleValues: readonly SampleValue[] = [
  { name: "100b", title: "an object of 100 B", value: score, timesPerRound: 10_000 },
  { name: "2kb", title: "a list of 2 KB", value: matches, timesPerRound: 4_000 },
  { name: "768-floats", title: "Float32Array(768)", value: vectorOf(768), timesPerRound: 4_000 },
  { name: "1024-floats", title: "Float32Array(1024)", value: vectorOf(1_024), timesPerRound: 4_000 },
  { name: "50kb", title: "a page of 50 KB", value: page, timesPerRound: 400 },
];
