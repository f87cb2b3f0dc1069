import { describe, expect, it } from "vitest";
import { cosineSimilarity } from "./cosine-similarity.ts";
import { embedText } from "./embedder.ts";
import { generateJobs, generateUsers } from "./generator.ts";
import { jobText } from "./job.ts";
import { fieldOfUser } from "./user.ts";

function similarity(one: string, other: string): number {
  return cosineSimilarity(embedText(one), embedText(other));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

describe("embedText", () => {
  it("gives the same 768 numbers for the same text", () => {
    const vector = embedText("Senior Backend Engineer with TypeScript");
    expect(vector).toHaveLength(768);
    expect(embedText("Senior Backend Engineer with TypeScript")).toEqual(vector);
    expect(embedText("x", 1_024)).toHaveLength(1_024);
  });

  it.each(["", "the and of", "a", "C++ and C#", "Redis ".repeat(500)])("gives a vector of length 1 for %j", (text) => {
    expect(Math.hypot(...embedText(text))).toBeCloseTo(1, 5);
  });

  it("finds reworded texts alike and unrelated ones not", () => {
    const text = "Build streaming pipelines with Kafka and Spark for the data lake";
    const reworded = "You build pipelines for streaming data: Spark, Kafka, lake tables";
    const unrelated = "Sketch prototypes in Figma and test them with five people";
    expect(similarity(text, reworded)).toBeGreaterThan(0.5);
    expect(Math.abs(similarity(text, unrelated))).toBeLessThan(0.2);
  });

  it("does not mind letters' case or stop words", () => {
    expect(similarity("The Redis of Kafka", "redis kafka")).toBeCloseTo(1, 5);
  });

  it("tells names apart that differ in their signs only", () => {
    expect(similarity("C++", "C#")).toBeLessThan(0.5);
    expect(similarity("node.js", "node")).toBeLessThan(0.5);
  });

  it("finds texts without a common word unrelated on average, even where their words collide", () => {
    const texts = Array.from({ length: 200 }, (_, index) => `alpha${index} beta${index} gamma${index}`);
    const [first = new Float32Array(), ...others] = texts.map((text) => embedText(text, 16));
    expect(Math.abs(mean(others.map((other) => cosineSimilarity(first, other))))).toBeLessThan(0.1);
  });

  it("puts a resume nearer to jobs of its own field than to others", () => {
    const jobs = [...generateJobs({ jobCount: 200 })].map((job) => ({ ...job, vector: embedText(jobText(job)) }));
    for (const { user, resume } of generateUsers({ userCount: 20 })) {
      const vector = embedText(resume.text);
      const field = fieldOfUser(1, user.id);
      const own = jobs.filter((job) => job.category === field).map((job) => cosineSimilarity(vector, job.vector));
      const other = jobs.filter((job) => job.category !== field).map((job) => cosineSimilarity(vector, job.vector));
      expect(mean(own)).toBeGreaterThan(2 * mean(other));
    }
  });
});

describe("cosineSimilarity", () => {
  it("is 1 for the same direction, -1 for the opposite and 0 for nothing in common", () => {
    const vector = Float32Array.of(1, 2);
    expect(cosineSimilarity(vector, Float32Array.of(2, 4))).toBeCloseTo(1, 6);
    expect(cosineSimilarity(vector, Float32Array.of(-1, -2))).toBeCloseTo(-1, 6);
    expect(cosineSimilarity(vector, Float32Array.of(-2, 1))).toBeCloseTo(0, 6);
    expect(cosineSimilarity(vector, Float32Array.of(0, 0))).toBe(0);
  });

  it("refuses vectors of different dimensions", () => {
    expect(() => cosineSimilarity(new Float32Array(2), new Float32Array(3))).toThrow(RangeError);
  });
});
