import { type Cache, type LoadingNamespace, minutes, type Serializer } from "@tiercache/core";
import type { Preferences } from "../../origin/preferences.ts";
import type { Resume } from "../../origin/resume.ts";
import type { Session } from "../../origin/session.ts";
import type { User } from "../../origin/user.ts";
import type { Origins } from "../origins.ts";
import { tags } from "../tags.ts";
import type { TtlOf } from "./lifetimes.ts";

/** What belongs to one person. All of it is encrypted before it leaves the process. */
export interface PeopleNamespaces {
  readonly resumes: LoadingNamespace<[userId: number], Resume | undefined>;
  readonly preferences: LoadingNamespace<[userId: number], Preferences | undefined>;
  readonly sessions: LoadingNamespace<[userId: number], Session | undefined>;
  readonly users: LoadingNamespace<[userId: number], User | undefined>;
}

/** What they need besides the origins. */
export interface PeopleSettings {
  /** Turns what belongs to a person into bytes. */
  readonly personal: Serializer;
  readonly ttlOf: TtlOf;
}

/** Declares them. */
export function peopleNamespaces(cache: Cache, { users }: Origins, settings: PeopleSettings): PeopleNamespaces {
  const { personal: serializer, ttlOf } = settings;
  return {
    // resume:{userId}:master
    resumes: cache.namespace("resume", {
      key: (userId: number) => [userId, "master"],
      tags: (userId) => [tags.resume(userId)],
      load: (userId) => users.resume(userId),
      ttlMs: ttlOf("resume"),
      serializer,
    }),
    // ijp:{userId}
    preferences: cache.namespace("ijp", {
      key: (userId: number) => [userId],
      tags: (userId) => [tags.preferences(userId)],
      load: (userId) => users.preferences(userId),
      ttlMs: ttlOf("ijp"),
      target: { hitRate: 0.95 },
      serializer,
    }),
    // user:{userId}:session
    sessions: cache.namespace("user", {
      key: (userId: number) => [userId, "session"],
      tags: (userId) => [tags.session(userId)],
      load: (userId) => users.session(userId),
      ttlMs: ttlOf("user"),
      sliding: true,
      // Who is not logged in is soon asked for again, and logs in elsewhere.
      negativeTtlMs: minutes(1),
      target: { hitRate: 0.99 },
      serializer,
    }),
    // user-data:{userId}
    users: cache.namespace("user-data", {
      key: (userId: number) => [userId],
      tags: (userId) => [tags.user(userId)],
      load: (userId) => users.user(userId),
      ttlMs: ttlOf("user-data"),
      serializer,
    }),
  };
}
