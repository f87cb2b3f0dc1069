import { describe, expect, it } from "vitest";
import { embeddingSettings } from "./embedding-settings.ts";

const environment = { EMBEDDINGS_URL: "https://api.example/v1", EMBEDDINGS_MODEL: "small" };

describe("embeddingSettings", () => {
  it("names no provider unless there is a URL", () => {
    expect(embeddingSettings({})).toBeUndefined();
    expect(embeddingSettings({ EMBEDDINGS_URL: "", EMBEDDINGS_API_KEY: "k" })).toBeUndefined();
  });

  it("reads URL, model, key and dimensions", () => {
    const given = { ...environment, EMBEDDINGS_API_KEY: "k", EMBEDDINGS_DIMENSIONS: "1024" };
    expect(embeddingSettings(given)).toEqual({
      baseUrl: "https://api.example/v1",
      model: "small",
      apiKey: "k",
      dimensions: 1_024,
    });
  });

  it("asks for 768 dimensions and sends no key unless told otherwise", () => {
    expect(embeddingSettings({ ...environment, EMBEDDINGS_API_KEY: "" })).toMatchObject({
      dimensions: 768,
      apiKey: undefined,
    });
  });

  it.each([
    [{ ...environment, EMBEDDINGS_URL: "ftp://api.example" }, "EMBEDDINGS_URL"],
    [{ ...environment, EMBEDDINGS_URL: "api" }, "EMBEDDINGS_URL"],
    [{ EMBEDDINGS_URL: "https://api.example/v1" }, "EMBEDDINGS_MODEL"],
    [{ ...environment, EMBEDDINGS_DIMENSIONS: "many" }, "EMBEDDINGS_DIMENSIONS"],
  ])("refuses %j, naming the variable", (given, name) => {
    expect(() => embeddingSettings(given)).toThrow(name);
  });

  it("repeats neither a bad key nor a password in its error", () => {
    expect(() => embeddingSettings({ ...environment, EMBEDDINGS_API_KEY: "sk secret" })).toThrow(
      /^EMBEDDINGS_API_KEY: (?!.*sk secret)/,
    );
    const withPassword = { ...environment, EMBEDDINGS_URL: "https://me:hunter2@api.example/v1" };
    expect(() => embeddingSettings(withPassword)).toThrow(/^EMBEDDINGS_URL: (?!.*hunter2)/);
  });
});
