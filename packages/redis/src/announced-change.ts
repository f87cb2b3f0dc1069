import type { RemoteChange } from "@tiercache/core";
import type { Redis } from "ioredis";
import type { Announcement } from "./announcement.ts";
import type { AnnouncingBus } from "./announcing-bus.ts";
import { type CommandRoute, runGroup } from "./command-route.ts";

/** By which way a change is made, and on what it is announced. */
export interface ChangePlace {
  readonly route: CommandRoute;
  readonly bus: Pick<AnnouncingBus, "announcing">;
}

/** A change of many keys that is announced once. */
export interface AnnouncedChange {
  readonly keys: readonly string[];
  readonly call: RemoteChange | undefined;
  /** Makes it for the keys at some places, which share a command, and announces it in the same step. */
  readonly send: (client: Redis, places: readonly number[], announcement: Announcement) => Promise<void>;
}

/**
 * Changes keys wherever they lie. On several nodes it is done in as many steps, of which the first tells what is changed: as long
 * as that has not been done, none of the others begins.
 */
export function changeAnnounced({ route, bus }: ChangePlace, { keys, call, send }: AnnouncedChange): Promise<void> {
  if (keys.length === 0) return Promise.resolve();
  const [group = [], ...groups] = route.groupsOf(keys);
  const changed = async (places: readonly number[], announcement: Announcement = []): Promise<void> => {
    await runGroup(route, { places, keys, send: (client, some) => send(client, some, announcement) }, call);
  };
  return bus.announcing(
    call?.announce,
    async ([announcement = [], ...announcements]) => {
      const begun = changed(group, announcement);
      // What nobody is told of may begin at once.
      if (announcement.length > 0) await begun;
      await Promise.all([begun, ...groups.map((places, index) => changed(places, announcements[index]))]);
    },
    groups.length + 1,
  );
}

/** What lies at some places of a list. */
export function at<T>(all: readonly T[], places: readonly number[]): readonly T[] {
  return places.length === all.length ? all : places.map((place) => all[place] as T);
}
