import { type Channel, channel } from "node:diagnostics_channel";
import type { CacheEvent, Observer } from "../contracts/observer.ts";

/**
 * Makes an observer that publishes each event on a channel of `node:diagnostics_channel`: `tiercache:hit`,
 * `tiercache:tier-failed` and so on, by the event's type. A tool that was not there when the cache was made can subscribe at any time. A
 * channel that nobody subscribes to costs a look at it.
 *
 * @example
 * ```ts
 * import { subscribe } from "node:diagnostics_channel";
 * import { createCache, diagnosticsObserver } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 *
 * subscribe("tiercache:miss", (event) => console.log(event)); // { type: "miss", namespace: "user" }
 * const cache = createCache({ tiers: [lru()], observer: diagnosticsObserver() });
 * await cache.namespace("user").get("7");
 * await cache.close();
 * ```
 */
export function diagnosticsObserver(): Observer {
  const channels = new Map<CacheEvent["type"], Channel>();
  return {
    on(event) {
      let own = channels.get(event.type);
      if (own === undefined) {
        own = channel(`tiercache:${event.type}`);
        channels.set(event.type, own);
      }
      if (own.hasSubscribers) own.publish(event);
    },
  };
}
