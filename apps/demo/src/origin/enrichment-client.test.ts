import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { generateEnrichments } from "./company-enrichment.ts";
import { EnrichmentClient } from "./enrichment-client.ts";
import { EnrichmentProvider } from "./enrichment-provider.ts";

const known = generateEnrichments(1, 20);
let provider: EnrichmentProvider;
let client: EnrichmentClient;

beforeEach(async () => {
  provider = await EnrichmentProvider.start(known, { failureRate: 0, wait: () => Promise.resolve() });
  client = new EnrichmentClient({ baseUrl: provider.url });
});

afterEach(() => provider.close());

describe("EnrichmentClient", () => {
  it("gives what the provider knows, and undefined for a company it does not know", async () => {
    expect(await client.company(3)).toEqual(known.get(3));
    expect(await client.company(21)).toBeUndefined();
    expect(client.usage).toEqual({ calls: 2, failures: 0, costUsd: 0.1 });
  });

  it("gives the newest after the provider has learned something", async () => {
    expect(provider.learn(3)).toBe(true);
    expect(await client.company(3)).toMatchObject({ version: 2, employees: (known.get(3)?.employees ?? 0) + 1 });
    expect(provider.learn(21)).toBe(false);
  });

  it("fails when the provider does, and counts that apart", async () => {
    provider.conduct.change({ failureRate: 1 });
    await expect(client.company(3)).rejects.toMatchObject({ code: "HTTP", status: 503 });
    expect(client.usage).toEqual({ calls: 0, failures: 1, costUsd: 0 });
  });
});

describe("the usual conduct of the provider", () => {
  it("is to fail now and then", async () => {
    const usual = await EnrichmentProvider.start(known, { wait: () => Promise.resolve() });
    const statuses: number[] = [];
    for (let call = 0; call < 60; call++) statuses.push((await fetch(`${usual.url}/companies/1`)).status);
    await usual.close();
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
  });
});
