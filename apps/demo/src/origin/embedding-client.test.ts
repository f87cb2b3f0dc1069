import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { embedText } from "./embedder.ts";
import type { EmbeddingClientOptions } from "./embedding-client.ts";
import { EmbeddingClient } from "./embedding-client.ts";
import type { EmbeddingRequestBody } from "./embedding-request.ts";
import type { ModelProviderOptions } from "./model-provider.ts";
import { localModel, ModelProvider } from "./model-provider.ts";
import { ProviderError } from "./provider-error.ts";

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function startProvider(options: ModelProviderOptions = {}): Promise<ModelProvider> {
  const provider = await ModelProvider.start({ wait: () => Promise.resolve(), ...options });
  cleanups.push(() => provider.close());
  return provider;
}

/** A server of any behaviour, for answers the started provider never gives. */
async function serve(respond: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<string> {
  const server: Server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

function answering(body: unknown, status = 200): Promise<string> {
  return serve((_request, response) => response.writeHead(status).end(JSON.stringify(body)));
}

function clientFor(baseUrl: string, options: Partial<EmbeddingClientOptions> = {}): EmbeddingClient {
  return new EmbeddingClient({ baseUrl, model: localModel, ...options });
}

async function errorOf(promise: Promise<unknown>): Promise<ProviderError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ProviderError) return error;
  throw new Error(`Not an ProviderError: ${String(error)}`);
}

describe("EmbeddingClient", () => {
  it("gives the vectors in the order of the texts", async () => {
    const client = clientFor((await startProvider()).url);
    const texts = ["Redis", "Kafka", "Redis", "PostgreSQL"];
    expect(await client.embed(texts)).toEqual(texts.map((text) => embedText(text)));
  });

  it("sends at most 256 texts a call and none for no texts", async () => {
    const provider = await startProvider();
    const client = clientFor(provider.url);
    const texts = Array.from({ length: 600 }, (_, index) => `text ${index}`);
    const vectors = await client.embed(texts);
    expect(vectors[599]).toEqual(embedText("text 599"));
    expect(client.usage).toMatchObject({ calls: 3, texts: 600 });
    expect(provider.usage).toEqual(client.usage);
    expect(await client.embed([])).toEqual([]);
    expect(client.usage.calls).toBe(3);
  });

  it("computes the cost from the provider's tokens and its own price", async () => {
    const client = clientFor((await startProvider()).url, { pricePerMillionTokensUsd: 1_000_000 });
    await client.embed(["12345678"]);
    expect(client.usage).toEqual({ calls: 1, texts: 1, tokens: 2, costUsd: 2 });
  });

  it("asks for base64 with the model, the dimensions and the key", async () => {
    let seen: { url: string | undefined; authorization: string | undefined; body: EmbeddingRequestBody } | undefined;
    const baseUrl = await serve(async (request, response) => {
      const body = (await json(request)) as EmbeddingRequestBody;
      seen = { url: request.url, authorization: request.headers.authorization, body };
      response.end(JSON.stringify({ data: [{ index: 0, embedding: [1, 0] }], usage: { total_tokens: 1 } }));
    });
    await clientFor(`${baseUrl}/`, { apiKey: "k-1", model: "m", dimensions: 2 }).embed(["x"]);
    expect(seen).toEqual({
      url: "/v1/embeddings",
      authorization: "Bearer k-1",
      body: { model: "m", input: ["x"], encoding_format: "base64", dimensions: 2 },
    });
  });

  it("accepts lists of numbers, in any order", async () => {
    const data = [
      { index: 1, embedding: [3, 4] },
      { index: 0, embedding: [1, 2] },
    ];
    const client = clientFor(await answering({ data, usage: { total_tokens: 3 } }), { dimensions: 2 });
    expect(await client.embed(["a", "b"])).toEqual([Float32Array.of(1, 2), Float32Array.of(3, 4)]);
  });

  it.each([
    ["fewer vectors than texts", [{ index: 0, embedding: [1, 2] }]],
    ["more vectors than texts", [0, 1, 2].map((index) => ({ index, embedding: [1, 2] }))],
    [
      "two vectors for one text",
      [
        { index: 0, embedding: [1, 2] },
        { index: 0, embedding: [1, 2] },
      ],
    ],
    [
      "vectors of another length",
      [
        { index: 0, embedding: [1] },
        { index: 1, embedding: [1, 2] },
      ],
    ],
    [
      "bytes that are no floats",
      [
        { index: 0, embedding: "AAAAAAA=" },
        { index: 1, embedding: [1, 2] },
      ],
    ],
    [
      "a float that is not finite",
      [
        { index: 0, embedding: "AADAfwAAwH8=" },
        { index: 1, embedding: [1, 2] },
      ],
    ],
    ["something else", "nothing"],
  ])("refuses an answer with %s and does not count it", async (_what, data) => {
    const client = clientFor(await answering({ data, usage: { total_tokens: 3 } }), { dimensions: 2 });
    expect(await errorOf(client.embed(["a", "b"]))).toMatchObject({ code: "BAD_ANSWER" });
    expect(client.usage.calls).toBe(0);
  });

  it("refuses an answer that is no JSON", async () => {
    const baseUrl = await serve((_request, response) => response.end("<html>"));
    expect(await errorOf(clientFor(baseUrl).embed(["a"]))).toMatchObject({ code: "BAD_ANSWER", status: 200 });
  });

  it("reports the status of a refusal without the key, even if the provider repeats it", async () => {
    const baseUrl = await answering({ error: { message: "Incorrect API key provided: sk-very-secret" } }, 401);
    const error = await errorOf(clientFor(baseUrl, { apiKey: "sk-very-secret" }).embed(["a"]));
    expect(error).toMatchObject({ code: "HTTP", status: 401 });
    expect(error.message).toContain("Incorrect API key");
    expect(JSON.stringify([error.message, error.stack, error.cause])).not.toContain("sk-very-secret");
  });

  it("reports a provider that is not there as unreachable", async () => {
    const provider = await startProvider();
    const { url } = provider;
    await provider.close();
    expect(await errorOf(clientFor(url).embed(["a"]))).toMatchObject({ code: "UNREACHABLE", status: undefined });
  });

  it("does not carry the texts to where a redirect points", async () => {
    let followed = 0;
    const elsewhere = await serve((_request, response) => {
      followed += 1;
      response.end();
    });
    const baseUrl = await serve((_request, response) => response.writeHead(307, { location: elsewhere }).end());
    expect(await errorOf(clientFor(baseUrl).embed(["a"]))).toMatchObject({ code: "UNREACHABLE" });
    expect(followed).toBe(0);
  });

  it("rejects with the signal's reason, before a call and during one", async () => {
    const reason = new Error("no longer wanted");
    const client = clientFor((await startProvider()).url);
    await expect(client.embed(["a"], AbortSignal.abort(reason))).rejects.toBe(reason);

    const controller = new AbortController();
    const hanging = await serve(() => controller.abort(reason));
    await expect(clientFor(hanging).embed(["a"], controller.signal)).rejects.toBe(reason);
  });

  it.each(["not a url", "http://user:pass-word@127.0.0.1/v1"])(
    "refuses the base URL %s without repeating it",
    (baseUrl) => {
      expect(() => clientFor(baseUrl)).toThrow(TypeError);
      expect(() => clientFor(baseUrl)).not.toThrow("pass-word");
    },
  );

  it("refuses a key that cannot stand in a header without repeating it", () => {
    expect(() => clientFor("http://127.0.0.1/v1", { apiKey: "sk-secret\n" })).toThrow("apiKey must be");
    expect(() => clientFor("http://127.0.0.1/v1", { apiKey: "sk-secret\n" })).not.toThrow("sk-secret");
  });
});
