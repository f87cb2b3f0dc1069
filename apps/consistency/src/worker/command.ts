/** What a worker is started with. */
export interface WorkerOrders {
  readonly worker: number;
  readonly workers: number;
  readonly seed: number;
  readonly redisUrl: string;
  readonly databasePort: number;
  /** Where its history goes. */
  readonly historyPath: string;
}

/**
 * What a worker is told:
 *
 * - `begin`: to begin with its operations.
 * - `probe`: to change a probe key.
 * - `stop`: to end what is under way and begin nothing more.
 * - `rest`: to come back when the server answers and nothing is pending; answered with what is still pending.
 * - `sweep`: to read every key.
 * - `end`: to close its cache, write its history and end by itself.
 */
export type WorkerCommand =
  | { readonly do: "begin" | "stop" | "rest" | "sweep" | "end" }
  | { readonly do: "probe"; readonly key: string };

/** A command and its number. */
export interface NumberedCommand {
  readonly id: number;
  readonly command: WorkerCommand;
}

/** The answer to a command. */
export interface NumberedAnswer {
  readonly id: number;
  readonly pending: number;
}
