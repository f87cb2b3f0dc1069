import {
  type DataFolderOptions,
  ensureDataFolder,
  type GeneratorProgress,
  sharedData,
  type WorkingCopy,
  workingCopy,
} from "../origin/data-folder.ts";
import { EmbeddingClient } from "../origin/embedding-client.ts";
import { EmbeddingProvider, localModel } from "../origin/embedding-provider.ts";
import { embeddingSettings } from "../origin/embedding-settings.ts";
import { JobTable } from "../origin/job-table.ts";
import { UserDatabase } from "../origin/user-database.ts";
import type { Origins } from "./origins.ts";
import { personalDataSecret } from "./personal-data.ts";

/** How to open the {@link World}. */
export interface WorldOptions {
  readonly seed: number;
  /**
   * Names a real embedding provider by its `EMBEDDINGS_*` variables; without them a local one is started. May hold the
   * `PERSONAL_DATA_SECRET`, and in `DEMO_DATA_FOLDER` the folder whose data several processes share.
   */
  readonly environment: NodeJS.ProcessEnv;
  readonly onProgress?: (progress: GeneratorProgress) => void;
}

/** What must be closed again. */
interface Opened {
  readonly data: WorkingCopy;
  readonly provider: EmbeddingProvider | undefined;
}

/** The origins on real parts, and what must be closed after them. */
export class World implements AsyncDisposable {
  readonly origins: Origins;
  /** The embedding model in use. */
  readonly model: string;
  /** What personal data is encrypted with. */
  readonly secret: Uint8Array;
  readonly #data: WorkingCopy;
  readonly #provider: EmbeddingProvider | undefined;

  private constructor(origins: Origins, secret: Uint8Array, opened: Opened) {
    this.origins = origins;
    this.model = origins.embeddings.model;
    this.secret = secret;
    this.#data = opened.data;
    this.#provider = opened.provider;
  }

  /** Opens a copy of the data of this seed, generated once, and an embedding provider. */
  static async open({ seed, environment, onProgress }: WorldOptions): Promise<World> {
    const settings = embeddingSettings(environment);
    const secret = personalDataSecret(environment);
    const data = await openData(environment["DEMO_DATA_FOLDER"], { seed, onProgress });
    const provider = settings === undefined ? await EmbeddingProvider.start() : undefined;
    const client = new EmbeddingClient(settings ?? { baseUrl: provider?.url ?? "", model: localModel });
    const jobs = new JobTable(data.jobTablePath);
    const users = new UserDatabase(data.userDatabasePath);
    return new World({ jobs, users, embeddings: client }, secret, { data, provider });
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
    await this.#provider?.close();
    await this.#data[Symbol.asyncDispose]();
  }
}

/** The shared data of a folder, or a copy of one's own. */
async function openData(folder: string | undefined, options: DataFolderOptions): Promise<WorkingCopy> {
  if (folder !== undefined && folder !== "") return sharedData(folder, options);
  return workingCopy(await ensureDataFolder(options));
}
