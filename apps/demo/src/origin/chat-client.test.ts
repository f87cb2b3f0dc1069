import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import { ChatClient, type ChatClientOptions } from "./chat-client.ts";
import { generateJobs, generateUsers } from "./generator.ts";
import { languageTasks } from "./language-task.ts";
import { localChatModel, ModelProvider, type ModelProviderOptions } from "./model-provider.ts";
import { ProviderServer } from "./provider-server.ts";

const cleanups: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup.close();
});

async function start(options: ModelProviderOptions = {}): Promise<ModelProvider> {
  const provider = await ModelProvider.start({ wait: () => Promise.resolve(), ...options });
  cleanups.push(provider);
  return provider;
}

/** A server that answers every call the same way. */
async function answering(body: unknown): Promise<string> {
  const server = await ProviderServer.start(new Hono().all("*", (context) => context.json(body as object)));
  cleanups.push(server);
  return server.url;
}

function clientFor(baseUrl: string, options: Partial<ChatClientOptions> = {}): ChatClient {
  return new ChatClient({ baseUrl, model: localChatModel, ...options });
}

function completion(content: string): object {
  return { choices: [{ message: { content } }], usage: { prompt_tokens: 10, completion_tokens: 5 } };
}

const [job] = generateJobs({ jobCount: 1 });
const [user] = generateUsers({ userCount: 1 });
const inputs: Readonly<Record<keyof typeof languageTasks, object>> = {
  evaluation: { job, resume: user?.resume },
  tailoredResume: { job, resume: user?.resume },
  parsedAd: { text: "Senior Data Engineer in Paris. Remote. Spark and Airflow." },
  parsedCv: { text: "Backend Engineer in Berlin with 7 years of practice. Skills: Kafka, Go." },
  industries: { text: "We build payments and ledgers for hospitals and clinics; finance first." },
  roleCategory: { text: "iOS Engineer with Swift and SwiftUI." },
  domains: { query: "Kubernetes and Terraform" },
};

describe("ChatClient", () => {
  it.each(Object.keys(languageTasks) as (keyof typeof languageTasks)[])(
    "is answered to the task %s by the demo's own model as its schema says, the same each time",
    async (name) => {
      const client = clientFor((await start()).url);
      const first = await client.complete<unknown>(languageTasks[name], inputs[name]);
      expect(languageTasks[name].schema.parse(first)).toEqual(first);
      expect(await client.complete<unknown>(languageTasks[name], inputs[name])).toEqual(first);
    },
  );

  it("reads out of texts what they say", async () => {
    const client = clientFor((await start()).url);
    expect(await client.complete(languageTasks.parsedCv, inputs.parsedCv)).toEqual({
      skills: ["Go", "Kafka"],
      city: "Berlin",
      yearsOfExperience: 7,
      summary: "Backend Engineer in Berlin with 7 years of practice",
    });
    expect(await client.complete(languageTasks.parsedAd, inputs.parsedAd)).toMatchObject({
      title: "Senior Data Engineer in Paris",
      city: "Paris",
      isRemote: true,
      seniority: "senior",
    });
    expect(await client.complete(languageTasks.roleCategory, inputs.roleCategory)).toEqual({ category: "mobile" });
    const { industries } = await client.complete(languageTasks.industries, inputs.industries);
    expect(industries[0]).toBe("Financial services");
    expect(industries).toContain("Health");
  });

  it("asks in OpenAI's shape, with a strict schema of what is wanted and nothing that such a schema may not have", async () => {
    let asked: unknown;
    const app = new Hono().post("/v1/chat/completions", async (context) => {
      asked = await context.req.json();
      return context.json(completion('{"category":"backend"}'));
    });
    const server = await ProviderServer.start(app);
    cleanups.push(server);
    await clientFor(server.url, { model: "m" }).complete(languageTasks.roleCategory, { text: "x" });
    expect(asked).toMatchObject({
      model: "m",
      messages: [
        { role: "system", content: languageTasks.roleCategory.instructions },
        { role: "user", content: '{"text":"x"}' },
      ],
      response_format: { type: "json_schema", json_schema: { name: "role_category", strict: true } },
    });
    await clientFor(server.url)
      .complete(languageTasks.evaluation, inputs.evaluation)
      .catch(() => {});
    const { schema } = (asked as { response_format: { json_schema: { schema: object } } }).response_format.json_schema;
    expect(schema).toMatchObject({
      type: "object",
      additionalProperties: false,
      required: expect.arrayContaining(["gaps"]),
    });
    expect(JSON.stringify(schema)).not.toMatch(/maxLength|minLength|\$schema/);
  });

  it("counts calls and tokens, and what they cost by its own price", async () => {
    const client = clientFor(await answering(completion('{"category":"backend"}')), {
      price: { prompt: 100_000, completion: 400_000 },
    });
    await client.complete(languageTasks.roleCategory, { text: "x" });
    expect(client.usage).toEqual({ calls: 1, promptTokens: 10, completionTokens: 5, costUsd: 3 });
  });

  it("counts what the provider counts", async () => {
    const provider = await start();
    const client = clientFor(provider.url);
    await client.complete(languageTasks.domains, inputs.domains);
    expect(client.usage.promptTokens).toBeGreaterThan(0);
    expect(provider.chatUsage).toEqual(client.usage);
  });

  it.each([
    ["no completion at all", { choices: [] }],
    ["no JSON in it", completion("I am afraid I cannot do that.")],
    ["something else than was asked for", completion('{"category":"poetry"}')],
    ["more than was asked for", completion('{"category":"backend","because":"x"}')],
  ])("refuses an answer with %s", async (_what, body) => {
    const client = clientFor(await answering(body));
    await expect(client.complete(languageTasks.roleCategory, { text: "x" })).rejects.toMatchObject({
      code: "BAD_ANSWER",
    });
  });

  it("reports failures and refusals of a provider by their status", async () => {
    const provider = await start({ failureRate: 1 });
    const client = clientFor(provider.url);
    const ask = () => client.complete(languageTasks.domains, inputs.domains);
    await expect(ask()).rejects.toMatchObject({ code: "HTTP", status: 503 });
    provider.conduct.change({ failureRate: 0, callsPerMinute: 0 });
    await expect(ask()).rejects.toMatchObject({ code: "HTTP", status: 429 });
    await expect(clientFor(provider.url, { model: "another" }).complete(languageTasks.domains, {})).rejects.toThrow();
    expect(client.usage.calls).toBe(0);
  });

  it("rejects with the signal's reason when it is no longer wanted", async () => {
    const reason = new Error("no longer wanted");
    const client = clientFor((await start()).url);
    const asked = client.complete(languageTasks.domains, inputs.domains, AbortSignal.abort(reason));
    await expect(asked).rejects.toBe(reason);
  });
});
