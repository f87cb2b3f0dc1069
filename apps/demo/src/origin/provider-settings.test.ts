import { describe, expect, it } from "vitest";
import { conductSettings, priceSettings, providerSettings } from "./provider-settings.ts";

const environment = { EMBEDDINGS_URL: "https://api.example/v1", EMBEDDINGS_MODEL: "small" };

describe("providerSettings", () => {
  it("names no provider unless there is a URL", () => {
    expect(providerSettings("EMBEDDINGS", {})).toBeUndefined();
    expect(providerSettings("EMBEDDINGS", { EMBEDDINGS_URL: "", EMBEDDINGS_API_KEY: "k" })).toBeUndefined();
    expect(providerSettings("CHAT", environment)).toBeUndefined();
  });

  it("reads URL, model, key and dimensions", () => {
    const given = { ...environment, EMBEDDINGS_API_KEY: "k", EMBEDDINGS_DIMENSIONS: "1024" };
    expect(providerSettings("EMBEDDINGS", given)).toEqual({
      baseUrl: "https://api.example/v1",
      model: "small",
      apiKey: "k",
      dimensions: 1_024,
    });
  });

  it("takes an empty variable for one that is not set", () => {
    const given = { ...environment, EMBEDDINGS_API_KEY: "", EMBEDDINGS_DIMENSIONS: "" };
    expect(providerSettings("EMBEDDINGS", given)).toMatchObject({ dimensions: undefined, apiKey: undefined });
  });

  it.each([
    [{ ...environment, EMBEDDINGS_URL: "ftp://api.example" }, "EMBEDDINGS_URL"],
    [{ ...environment, EMBEDDINGS_URL: "api" }, "EMBEDDINGS_URL"],
    [{ EMBEDDINGS_URL: "https://api.example/v1" }, "EMBEDDINGS_MODEL"],
    [{ ...environment, EMBEDDINGS_DIMENSIONS: "many" }, "EMBEDDINGS_DIMENSIONS"],
  ])("refuses %j, naming the variable", (given, name) => {
    expect(() => providerSettings("EMBEDDINGS", given)).toThrow(name);
  });

  it("repeats neither a bad key nor a password in its error", () => {
    expect(() => providerSettings("EMBEDDINGS", { ...environment, EMBEDDINGS_API_KEY: "sk secret" })).toThrow(
      /^EMBEDDINGS_API_KEY: (?!.*sk secret)/,
    );
    const withPassword = { ...environment, EMBEDDINGS_URL: "https://me:hunter2@api.example/v1" };
    expect(() => providerSettings("EMBEDDINGS", withPassword)).toThrow(/^EMBEDDINGS_URL: (?!.*hunter2)/);
  });
});

describe("what the demo's own providers are told", () => {
  it("is read by name, and nothing where nothing is said", () => {
    expect(conductSettings("MODEL", { MODEL_LATENCY_MS: "5", ENRICHMENT_FAILURE_RATE: "1" })).toEqual({ latencyMs: 5 });
    expect(conductSettings("ENRICHMENT", { ENRICHMENT_FAILURE_RATE: "0.5", ENRICHMENT_CALLS_PER_MINUTE: "9" })).toEqual(
      {
        failureRate: 0.5,
        callsPerMinute: 9,
      },
    );
    expect(conductSettings("MODEL", {})).toEqual({});
    expect(priceSettings({ CHAT_PROMPT_PRICE_USD: "2.5" })).toEqual({ prompt: 2.5 });
  });

  it.each([
    [{ MODEL_FAILURE_RATE: "1.5" }, 'MODEL_FAILURE_RATE is "1.5"; allowed is a number from 0 to 1.'],
    [{ MODEL_LATENCY_MS: "-1" }, "MODEL_LATENCY_MS"],
    [{ MODEL_CALLS_PER_MINUTE: "many" }, "MODEL_CALLS_PER_MINUTE"],
  ])("is refused for %j, naming the variable, what was given and what is allowed", (given, message) => {
    expect(() => conductSettings("MODEL", given)).toThrow(message);
  });
});
