import { ensureDataFolder, type GeneratorProgress, type WorkingCopy, workingCopy } from "../origin/data-folder.ts";
import { EmbeddingClient } from "../origin/embedding-client.ts";
import { EmbeddingProvider, localModel } from "../origin/embedding-provider.ts";
import { embeddingSettings } from "../origin/embedding-settings.ts";
import { JobTable } from "../origin/job-table.ts";
import { UserDatabase } from "../origin/user-database.ts";
import type { Origins } from "./origins.ts";

/** How to open the {@link World}. */
export interface WorldOptions {
  readonly seed: number;
  /** Names a real embedding provider by its `EMBEDDINGS_*` variables; without them a local one is started. */
  readonly environment: NodeJS.ProcessEnv;
  readonly onProgress?: (progress: GeneratorProgress) => void;
}

/** The origins on real parts, and what must be closed after them. */
export class World implements AsyncDisposable {
  readonly origins: Origins;
  /** The embedding model in use. */
  readonly model: string;
  readonly #data: WorkingCopy;
  readonly #provider: EmbeddingProvider | undefined;

  private constructor(origins: Origins, data: WorkingCopy, provider: EmbeddingProvider | undefined) {
    this.origins = origins;
    this.model = origins.embeddings.model;
    this.#data = data;
    this.#provider = provider;
  }

  /** Opens a copy of the data of this seed, generated once, and an embedding provider. */
  static async open({ seed, environment, onProgress }: WorldOptions): Promise<World> {
    const settings = embeddingSettings(environment);
    const data = await workingCopy(await ensureDataFolder({ seed, onProgress }));
    const provider = settings === undefined ? await EmbeddingProvider.start() : undefined;
    const client = new EmbeddingClient(settings ?? { baseUrl: provider?.url ?? "", model: localModel });
    const jobs = new JobTable(data.jobTablePath);
    const users = new UserDatabase(data.userDatabasePath);
    return new World({ jobs, users, embeddings: client }, data, provider);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.origins.users.close();
    await this.#provider?.close();
    await this.#data[Symbol.asyncDispose]();
  }
}
