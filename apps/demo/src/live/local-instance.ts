import type { Instance } from "../service/instance.ts";
import type { Origins } from "../service/origins.ts";
import type { EventFeed } from "./event-feed.ts";
import { InstanceMonitor } from "./instance-monitor.ts";
import { LiveDesk } from "./live-desk.ts";

/** The instance of this process, as the page sees it. */
export interface LocalInstance {
  readonly name: string;
  readonly desk: LiveDesk;
  readonly feed: EventFeed;
  readonly monitor: InstanceMonitor;
}

/** @param feed - Has been listening to the instance's cache. */
export function localInstance(
  name: string,
  feed: EventFeed,
  of: Instance & { readonly origins: Origins },
): LocalInstance {
  const desk = new LiveDesk(of, of.origins);
  return { name, desk, feed, monitor: new InstanceMonitor({ name, cache: of.cache, desk, feed }) };
}
