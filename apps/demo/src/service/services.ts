import type { Cache } from "@tiercache/core";
import { Adviser } from "./adviser.ts";
import { happenedIn } from "./events.ts";
import { Explainer } from "./explainer.ts";
import { Ingestion } from "./ingestion.ts";
import { JobBoard } from "./job-board.ts";
import { Management } from "./management.ts";
import { Matches } from "./matches.ts";
import type { Namespaces } from "./namespaces.ts";
import type { Origins } from "./origins.ts";
import { People } from "./people.ts";
import { Readiness } from "./readiness.ts";
import { Warming } from "./warming.ts";

/** Everything an instance can be asked for, by subject. */
export interface Services {
  readonly board: JobBoard;
  readonly matches: Matches;
  readonly adviser: Adviser;
  readonly people: People;
  readonly ingestion: Ingestion;
  readonly warming: Warming;
  readonly management: Management;
  readonly explainer: Explainer;
  readonly readiness: Readiness;
}

/** What services are made of. */
export interface ServiceParts {
  readonly cache: Cache;
  readonly namespaces: Namespaces;
  readonly origins: Origins;
  /** Of what runs of the job feed bring. */
  readonly seed: number;
}

/** Makes them. */
export function servicesOf({ cache, namespaces, origins, seed }: ServiceParts): Services {
  const happened = happenedIn(cache);
  return {
    board: new JobBoard(namespaces, origins.users, happened),
    matches: new Matches(namespaces),
    adviser: new Adviser(namespaces, happened),
    people: new People(namespaces, origins.users, happened),
    ingestion: new Ingestion({ cache, embeddings: namespaces.embeddings, origins, happened, seed }),
    warming: new Warming(cache, namespaces),
    management: new Management(cache, namespaces),
    explainer: new Explainer(namespaces),
    readiness: new Readiness(cache, origins.users),
  };
}
