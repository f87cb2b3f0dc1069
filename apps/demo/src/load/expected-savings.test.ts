import { describe, expect, it } from "vitest";
import { expectedSavings } from "./expected-savings.ts";
import { popularFilters, popularPageCount } from "./popular-filters.ts";
import { requestSequences } from "./request-sequence.ts";
import { expectedDistinctShare, ZipfSampler } from "./zipf.ts";

const corpus = { texts: 6_000 };

describe("expectedSavings", () => {
  it.each([1, 2, 3, 4, 5])("reaches the users' figures with the default lengths at seed %i", (seed) => {
    const savings = expectedSavings(requestSequences({ seed }), corpus);
    expect(savings.feedReads.savedShare).toBeGreaterThan(0.7);
    expect(savings.matchComputations.savedShare).toBeGreaterThan(0.7);
    expect(savings.embeddingCallsIngested.savedShare).toBeGreaterThan(0.9);
    expect(savings.embeddingTextsIngested.savedShare).toBeGreaterThan(0.9);
  });

  it("admits that a cache which starts empty saves texts but hardly any calls", () => {
    const savings = expectedSavings(requestSequences(), corpus);
    expect(savings.embeddingTextsCold.savedShare).toBeGreaterThan(0.9);
    expect(savings.embeddingCallsCold.savedShare).toBeLessThan(0.2);
  });

  it("admits that lists and scores cached apart save less than the users hoped for", () => {
    const savings = expectedSavings(requestSequences(), corpus);
    expect(savings.matchLists.savedShare).toBeLessThan(0.7);
    expect(savings.matchComputationsSeparately.savedShare).toBeLessThan(0.7);
  });

  it("agrees with Zipf's law on the pages of the feed and on the users' lists", () => {
    const savings = expectedSavings(requestSequences(), corpus);
    const filters = new ZipfSampler(popularFilters.length).probabilities();
    const pages = new ZipfSampler(popularPageCount).probabilities();
    const keys = filters.flatMap((filter) => pages.map((page) => filter * page));
    expect(1 - savings.feedReads.savedShare).toBeCloseTo(expectedDistinctShare(keys, 400), 1);
    const users = new ZipfSampler(1_000).probabilities();
    expect(Math.abs(1 - savings.matchLists.savedShare - expectedDistinctShare(users, 200))).toBeLessThan(0.08);
  });

  it("counts a repeated request once and the ingestion's own calls", () => {
    const request = { userId: 1, jobIds: [1, 2], resumeEdits: 0 };
    const sequences = {
      feed: [
        { filter: {}, page: 1 },
        { filter: { city: undefined }, page: 1 },
      ],
      match: [{ userId: 1, scoreRanks: [1, 1, 2] }],
      embedding: [request, request, { ...request, resumeEdits: 1 }],
    };
    const savings = expectedSavings(sequences, { texts: 300 });
    expect(savings.feedReads).toEqual({ without: 2, with: 1, savedShare: 0.5 });
    expect(savings.matchComputations).toEqual({ without: 4, with: 1, savedShare: 0.75 });
    expect(savings.matchComputationsSeparately).toEqual({ without: 4, with: 3, savedShare: 0.25 });
    expect(savings.embeddingCallsCold).toMatchObject({ without: 3, with: 2 });
    expect(savings.embeddingCallsIngested).toMatchObject({ without: 3, with: 3 });
    expect(savings.embeddingTextsCold).toMatchObject({ without: 9, with: 4 });
  });
});
