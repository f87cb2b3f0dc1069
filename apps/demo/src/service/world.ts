import { ChatClient } from "../origin/chat-client.ts";
import { defaultChatPrice } from "../origin/chat-usage.ts";
import { generateEnrichments } from "../origin/company-enrichment.ts";
import {
  type DataFolderOptions,
  ensureDataFolder,
  type GeneratorProgress,
  sharedData,
  type WorkingCopy,
  workingCopy,
} from "../origin/data-folder.ts";
import { EmbeddingClient } from "../origin/embedding-client.ts";
import { EnrichmentClient } from "../origin/enrichment-client.ts";
import { EnrichmentProvider } from "../origin/enrichment-provider.ts";
import { companyCount } from "../origin/generator.ts";
import { IngestionLog } from "../origin/ingestion-log.ts";
import { JobTable } from "../origin/job-table.ts";
import { localChatModel, localModel, ModelProvider } from "../origin/model-provider.ts";
import { conductSettings, priceSettings, providerSettings } from "../origin/provider-settings.ts";
import { UserDatabase } from "../origin/user-database.ts";
import type { Origins } from "./origins.ts";
import { personalDataSecret } from "./personal-data.ts";

/** How to open the {@link World}. */
export interface WorldOptions {
  readonly seed: number;
  /**
   * Names real providers by its `EMBEDDINGS_*` and `CHAT_*` variables, without which a local one is started that behaves as `MODEL_*`
   * says. May hold the `PERSONAL_DATA_SECRET`, and in `DEMO_DATA_FOLDER` the folder whose data several processes share.
   */
  readonly environment: NodeJS.ProcessEnv;
  readonly onProgress?: (progress: GeneratorProgress) => void;
}

/** The providers that the demo plays itself. How they behave may be changed while they run. */
export interface PlayedProviders {
  /** For embeddings and texts; nobody asks it where the environment names real ones for both. */
  readonly model: ModelProvider;
  readonly enrichment: EnrichmentProvider;
}

/** The origins on real parts, and what must be closed after them. */
export class World implements AsyncDisposable {
  readonly origins: Origins;
  readonly providers: PlayedProviders;
  /** Of the generated data, and of what ingestion runs bring. */
  readonly seed: number;
  /** What personal data is encrypted with. */
  readonly secret: Uint8Array;
  readonly #data: WorkingCopy;

  private constructor({ seed, environment }: WorldOptions, data: WorkingCopy, providers: PlayedProviders) {
    this.seed = seed;
    this.secret = personalDataSecret(environment);
    this.providers = providers;
    this.#data = data;
    this.origins = {
      jobs: new JobTable(data.jobTablePath),
      users: new UserDatabase(data.userDatabasePath),
      ingestions: new IngestionLog(data.ingestionLogPath),
      companies: new EnrichmentClient({ baseUrl: providers.enrichment.url }),
      ...modelClients(environment, providers.model),
    };
  }

  /** Opens a copy of the data of this seed, generated once, and the providers that the environment does not name. */
  static async open(options: WorldOptions): Promise<World> {
    const { seed, environment, onProgress } = options;
    // Whatever is wrong with the environment is said before anything is opened.
    checkEnvironment(environment);
    const data = await openData(environment["DEMO_DATA_FOLDER"], { seed, onProgress });
    const { latencyMs, ...conduct } = conductSettings("MODEL", environment);
    const model = await ModelProvider.start({ ...conduct, latencyPerCallMs: latencyMs });
    const enrichments = generateEnrichments(seed, companyCount);
    const enrichment = await EnrichmentProvider.start(enrichments, conductSettings("ENRICHMENT", environment));
    try {
      return new World(options, data, { model, enrichment });
    } catch (error) {
      // Servers that nobody knows of would keep the process alive.
      await Promise.all([model.close(), enrichment.close(), data[Symbol.asyncDispose]()]);
      throw error;
    }
  }

  /** The variables with which another process opens the same data and reads the same personal values in Redis. */
  get sharing(): Readonly<Record<string, string>> {
    return {
      DEMO_DATA_FOLDER: this.#data.path,
      PERSONAL_DATA_SECRET: Buffer.from(this.secret).toString("base64"),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.origins.users.close();
    this.origins.ingestions.close();
    await Promise.all([this.providers.model.close(), this.providers.enrichment.close()]);
    await this.#data[Symbol.asyncDispose]();
  }
}

function modelClients(environment: NodeJS.ProcessEnv, played: ModelProvider): Pick<Origins, "embeddings" | "language"> {
  const prices = priceSettings(environment);
  const { prompt = defaultChatPrice.prompt, completion = defaultChatPrice.completion } = prices;
  const embedding = providerSettings("EMBEDDINGS", environment) ?? { baseUrl: played.url, model: localModel };
  const chat = providerSettings("CHAT", environment) ?? { baseUrl: played.url, model: localChatModel };
  return {
    embeddings: new EmbeddingClient({ ...embedding, pricePerMillionTokensUsd: prices.embedding }),
    language: new ChatClient({ ...chat, price: { prompt, completion } }),
  };
}

function checkEnvironment(environment: NodeJS.ProcessEnv): void {
  for (const name of ["EMBEDDINGS", "CHAT"] as const) providerSettings(name, environment);
  for (const name of ["MODEL", "ENRICHMENT"] as const) conductSettings(name, environment);
  priceSettings(environment);
  personalDataSecret(environment);
}

/** The shared data of a folder, or a copy of one's own. */
async function openData(folder: string | undefined, options: DataFolderOptions): Promise<WorkingCopy> {
  if (folder !== undefined && folder !== "") return sharedData(folder, options);
  return workingCopy(await ensureDataFolder(options));
}
