import type { Isolation, Namespace } from "@tiercache/core";
import type { Fleet } from "../l1-l2/fleet.ts";

/** A value that a caller may think is his own. */
export interface Person {
  name: string;
  readonly roles: string[];
}

export type People = Namespace<[id: string], Person>;

export const ada = (): Person => ({ name: "Ada", roles: ["reader"] });

/** What a reader may do with a value that he takes for his own. */
export function deface(person: Person): void {
  person.roles.push("admin");
  person.name = "Eve";
}

/** Every way to read the key "a", each giving one value. */
export const ways: readonly (readonly [way: string, read: (people: People) => Promise<Person | undefined>])[] = [
  ["get", (people) => people.get("a")],
  ["getOrLoad", (people) => people.getOrLoad("a", () => new Promise(() => {}))],
  ["getMany", async (people) => (await people.getMany(["a"]))[0]],
  [
    "getManySettled",
    async (people) => {
      const [result] = await people.getManySettled(["a"]);
      return result?.status === "fulfilled" ? result.value : undefined;
    },
  ],
  ["read", async (people) => (await people.read("a")).value],
];

type Source = (fleet: Fleet, isolate: Isolation) => Promise<People>;

/** Every way in which the key "a" may have come to what its readers are given. */
export const sources: readonly (readonly [source: string, prepare: Source])[] = [
  [
    "was loaded",
    async (fleet, isolate) => {
      const people = fleet.process({ isolate }).namespace("person", { load: ada });
      await people.get("a");
      return people;
    },
  ],
  [
    "was set",
    async (fleet, isolate) => {
      const people = fleet.process({ isolate }).namespace<Person>("person");
      await people.set("a", ada());
      return people;
    },
  ],
  [
    "was set for the namespace alone to isolate",
    async (fleet, isolate) => {
      const people = fleet.process({ isolate: "share" }).namespace<Person>("person", { isolate });
      await people.set("a", ada());
      return people;
    },
  ],
  [
    "comes from a remote tier",
    async (fleet, isolate) => {
      await fleet.process().namespace<Person>("person").set("a", ada());
      return fleet.process({ isolate }).namespace<Person>("person");
    },
  ],
  [
    "has been renewed by a hit",
    async (fleet, isolate) => {
      const people = fleet.process({ isolate }).namespace<Person>("person", { ttlMs: 1_000, sliding: true });
      await people.set("a", ada());
      fleet.clock.advance(900);
      await people.get("a");
      await fleet.settled();
      fleet.clock.advance(900);
      return people;
    },
  ],
  [
    "is stale and being refreshed",
    async (fleet, isolate) => {
      const rules = { isolate, ttlMs: 100, staleWhileRevalidateMs: 100 };
      const people = fleet.process(rules).namespace("person", { load: () => new Promise<Person>(() => {}) });
      await people.set("a", ada());
      fleet.clock.advance(150);
      return people;
    },
  ],
  [
    "is stale, its load having failed",
    async (fleet, isolate) => {
      const rules = { isolate, ttlMs: 100, staleIfErrorMs: 1_000, retryLoadAfterMs: 1_000 };
      const load = () => Promise.reject(new Error("origin is away"));
      const people = fleet.process(rules).namespace<Person>("person", { load });
      await people.set("a", ada());
      fleet.clock.advance(150);
      await people.get("a");
      return people;
    },
  ],
];

/** Every source with every way. */
export const sourcesAndWays: readonly (readonly [
  source: string,
  way: string,
  how: { readonly prepare: Source; readonly read: (people: People) => Promise<Person | undefined> },
])[] = sources.flatMap(([source, prepare]) => ways.map(([way, read]) => [source, way, { prepare, read }] as const));
