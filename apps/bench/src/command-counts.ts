import { asked } from "@tooling/redis-server";

/** How often each command was carried out, by its name in small letters. */
export type CommandCounts = Readonly<Record<string, number>>;

/** What a server has done since it was last asked. Also what scripts call is counted, as the server does. */
export class CommandLog {
  readonly #port: number;
  #before: CommandCounts = {};

  constructor(port: number) {
    this.#port = port;
  }

  /** The commands since the last time, without those by which one asks. */
  async sinceLast(): Promise<CommandCounts> {
    const now = countsIn(await asked(this.#port, "INFO commandstats"));
    const before = this.#before;
    this.#before = now;
    const grown = Object.entries(now).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
    return Object.fromEntries(grown.filter(([name, count]) => count > 0 && name !== "info" && name !== "quit"));
  }
}

function countsIn(info: string): CommandCounts {
  const lines = info.matchAll(/^cmdstat_([\w|]+):calls=(\d+)/gm);
  return Object.fromEntries([...lines].map(([, name = "", calls]) => [name, Number(calls)]));
}
