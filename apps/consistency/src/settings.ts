import { type RedisKind, wantedKind } from "@tooling/redis-server";

/** What a run is made of. */
export interface Settings {
  /** How long the workers are at it. Judging and coming to rest take some seconds more. */
  readonly seconds: number;
  /** Decides the faults and what the workers do, as far as their timing does not. */
  readonly seed: number;
  /** `all`, `none`, or names of faults. */
  readonly faults: string;
  readonly server: RedisKind | undefined;
  readonly workers: number;
  /** A defence that the workers run without. */
  readonly mutation: string | undefined;
  /** Where the histories are left; else they are thrown away. */
  readonly historyFolder: string | undefined;
}

export const DEFAULT_SETTINGS: Settings = {
  seconds: 30,
  seed: 1,
  faults: "all",
  server: undefined,
  workers: 4,
  mutation: undefined,
  historyFolder: undefined,
};

/** @throws an `Error` that says what is allowed. */
export function settingsOf(args: readonly string[]): Settings {
  const given = new Map<string, string>();
  for (let at = 0; at < args.length; at += 2) {
    const [name = "", value] = [args[at], args[at + 1]];
    if (!OPTIONS.includes(name)) throw new Error(`There is no option ${name}; one of ${OPTIONS.join(", ")}.`);
    if (value === undefined) throw new Error(`${name} needs a value.`);
    given.set(name, value);
  }
  return {
    seconds: whole("--seconds", given) ?? DEFAULT_SETTINGS.seconds,
    seed: whole("--seed", given) ?? DEFAULT_SETTINGS.seed,
    faults: given.get("--fault") ?? DEFAULT_SETTINGS.faults,
    server: serverNamed(given.get("--server")) ?? wantedKind(),
    workers: whole("--workers", given) ?? DEFAULT_SETTINGS.workers,
    mutation: given.get("--mutation"),
    historyFolder: given.get("--history"),
  };
}

const OPTIONS: readonly string[] = [
  "--seconds",
  "--seed",
  "--fault",
  "--server",
  "--workers",
  "--mutation",
  "--history",
];

function whole(name: string, given: ReadonlyMap<string, string>): number | undefined {
  const value = given.get(name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new Error(`${name} is ${value}; allowed is a whole number of at least 1.`);
}

function serverNamed(value: string | undefined): RedisKind | undefined {
  if (value === undefined || value === "redis" || value === "valkey") return value;
  throw new Error(`--server is ${value}; allowed is redis or valkey.`);
}
