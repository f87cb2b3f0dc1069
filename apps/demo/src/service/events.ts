import type { Cache, WriteResult } from "@tiercache/core";
import { tags } from "./tags.ts";

/** Whom something happened to. */
interface OfUser {
  readonly userId: number;
}

/** What a run of the job feed has done. */
export interface JobsIngested {
  readonly addedIds: readonly number[];
  readonly changedIds: readonly number[];
  /** Those of the changed ones whose text is another now. */
  readonly rewordedIds: readonly number[];
  readonly removedIds: readonly number[];
}

/**
 * What happens in the service, and which cached values are out of date then. Services say what happened; nothing else
 * in the demo invalidates anything.
 */
export const invalidations = {
  "preferences.updated": ({ userId }: OfUser) => [tags.preferences(userId), tags.matches(userId)],
  "resume.updated": ({ userId }: OfUser) => [tags.resume(userId), tags.matches(userId)],
  "user.updated": ({ userId }: OfUser) => [tags.user(userId)],
  // The session itself is written through: see `People.logIn`.
  "session.started": () => [tags.statistics],
  "session.ended": ({ userId }: OfUser) => [tags.session(userId), tags.statistics],
  "jobs.ingested": ({ addedIds, changedIds, rewordedIds, removedIds }: JobsIngested) => [
    tags.feedPages,
    tags.popular,
    tags.matchLists,
    tags.statistics,
    // Of an added one it may be cached that there is none.
    ...[...addedIds, ...changedIds, ...removedIds].map(tags.job),
    ...[...addedIds, ...rewordedIds, ...removedIds].map(tags.jobText),
  ],
  "company.enriched": ({ companyId }: { readonly companyId: number }) => [tags.company(companyId)],
  "configuration.changed": () => [tags.configuration],
} as const satisfies Readonly<Record<string, (facts: never) => readonly string[]>>;

/** What may happen. */
export type EventName = keyof typeof invalidations;

/** What one must say of it. */
export type EventFacts<Name extends EventName> = Parameters<(typeof invalidations)[Name]>;

/**
 * Says that something has happened, after it has: nothing that it was made of before is fresh any longer, in any process.
 * Never rejects because a tier is away.
 */
export type Happened = <Name extends EventName>(name: Name, ...facts: EventFacts<Name>) => Promise<WriteResult>;

/** Ends by one call whatever an event makes out of date. */
export function happenedIn(cache: Cache): Happened {
  return (name, ...facts) => {
    const tagsOf: (...facts: never) => readonly string[] = invalidations[name];
    return cache.invalidateTags(tagsOf(...(facts as never)));
  };
}
