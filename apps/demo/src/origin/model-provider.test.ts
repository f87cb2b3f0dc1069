import { afterEach, describe, expect, it } from "vitest";
import { embedText } from "./embedder.ts";
import type { ModelProviderOptions } from "./model-provider.ts";
import { localModel, ModelProvider } from "./model-provider.ts";

const open: ModelProvider[] = [];

async function start(options: ModelProviderOptions = {}): Promise<ModelProvider> {
  const provider = await ModelProvider.start({ wait: () => Promise.resolve(), ...options });
  open.push(provider);
  return provider;
}

function post(provider: ModelProvider, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${provider.url}/embeddings`, { method: "POST", headers, body: JSON.stringify(body) });
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()));
});

describe("ModelProvider", () => {
  it("answers a list of texts in OpenAI's shape", async () => {
    const provider = await start();
    const response = await post(provider, { model: localModel, input: ["four", "five letters"] });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      object: "list",
      data: [
        { object: "embedding", index: 0, embedding: [...embedText("four")] },
        { object: "embedding", index: 1, embedding: [...embedText("five letters")] },
      ],
      model: localModel,
      usage: { prompt_tokens: 4, total_tokens: 4 },
    });
  });

  it("takes a single text, base64 and another number of dimensions", async () => {
    const provider = await start();
    const request = { model: localModel, input: "one", encoding_format: "base64", dimensions: 16 };
    const { data } = (await (await post(provider, request)).json()) as { data: { embedding: string }[] };
    const bytes = Uint8Array.from(Buffer.from(data[0]?.embedding ?? "", "base64"));
    expect(new Float32Array(bytes.buffer)).toEqual(embedText("one", 16));
  });

  it("waits its latency a call and a text", async () => {
    const waits: number[] = [];
    const wait = async (ms: number): Promise<void> => void waits.push(ms);
    const provider = await start({ wait, latencyPerCallMs: 50, latencyPerTextMs: 2 });
    await post(provider, { model: localModel, input: ["a", "b", "c"] });
    expect(waits).toEqual([56]);
  });

  it("counts calls, texts, tokens and what they cost", async () => {
    const provider = await start({ pricePerMillionTokensUsd: 500_000 });
    await post(provider, { model: localModel, input: ["12345678", "1234"] });
    await post(provider, { model: localModel, input: "1234" });
    expect(provider.usage).toEqual({ calls: 2, texts: 3, tokens: 4, costUsd: 2 });
  });

  it.each([
    [{ model: localModel }, 400, "input"],
    [{ model: localModel, input: "" }, 400, "input"],
    [{ model: localModel, input: [] }, 400, "input"],
    [{ model: localModel, input: "a", dimensions: 0 }, 400, "dimensions"],
    [{ model: "another", input: "a" }, 404, "model"],
  ])("refuses %j in OpenAI's shape, uncounted", async (body, status, param) => {
    const provider = await start();
    const response = await post(provider, body);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: { message: string; type: string; param: string } };
    expect(error).toMatchObject({ type: "invalid_request_error", param });
    expect(error.message).not.toBe("");
    expect(provider.usage.calls).toBe(0);
  });

  it("refuses a body that is no JSON and a path it does not know", async () => {
    const provider = await start();
    const broken = await fetch(`${provider.url}/embeddings`, { method: "POST", body: "{" });
    expect(broken.status).toBe(400);
    const lost = await fetch(`${provider.url}/chat`);
    expect(lost.status).toBe(404);
    expect(await lost.json()).toHaveProperty("error.type", "invalid_request_error");
  });

  it("demands its key when it has one", async () => {
    const provider = await start({ apiKey: "secret" });
    const body = { model: localModel, input: "a" };
    expect((await post(provider, body)).status).toBe(401);
    expect((await post(provider, body, { authorization: "Bearer wrong" })).status).toBe(401);
    expect((await post(provider, body, { authorization: "Bearer secret" })).status).toBe(200);
  });

  it("does not count a call whose client went away while it waited", async () => {
    const client = new AbortController();
    const cut = Promise.withResolvers<void>();
    const wait = (_ms: number, signal: AbortSignal): Promise<void> =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          reject(new Error("gone"));
          cut.resolve();
        });
        client.abort();
      });
    const provider = await start({ wait });
    const body = JSON.stringify({ model: localModel, input: "a" });
    const call = fetch(`${provider.url}/embeddings`, { method: "POST", body, signal: client.signal });
    await expect(call).rejects.toThrow();
    await cut.promise;
    expect(provider.usage.calls).toBe(0);
  });

  it("listens on the loopback interface only and no longer once closed", async () => {
    const provider = await start();
    const { url } = provider;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    await provider.close();
    await expect(fetch(`${url}/embeddings`)).rejects.toThrow();
    open.pop();
  });
});
