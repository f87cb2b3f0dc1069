import { randomBytes, randomUUID } from "node:crypto";
import { type BusListener, CacheError, type Ms } from "@tiercache/core";
import type { Announcement } from "./announcement.ts";
import { AnnouncementLog } from "./announcement-log.ts";
import type { AnnouncingBus, Change } from "./announcing-bus.ts";
import { backgroundClock } from "./background-clock.ts";
import { ClusterEcho } from "./cluster-echo.ts";
import { type ClusterMessage, clusterText, readClusterText } from "./cluster-message.ts";
import type { ClusterNode } from "./cluster-node.ts";
import type { ClusterRoute } from "./cluster-route.ts";
import { ClusterSubscription } from "./cluster-subscription.ts";
import { addressText } from "./cluster-topology.ts";
import { HeardAnnouncements } from "./heard-announcements.ts";

interface Listening {
  readonly channel: string;
  /** A channel that this process alone listens on. */
  readonly echoChannel: string;
  readonly subscription: ClusterSubscription;
  readonly heard: HeardAnnouncements;
  readonly echo: ClusterEcho;
}

/** How old what is known of the owners of slots may be while an echo shall prove something of all of them. */
const FRESH_MS: Ms = 1_000;

/**
 * Publish and subscribe in a cluster. A change is published by the node that makes it, and heard on one node, to which the
 * others hand it on. They may lose it: an echo goes through each of them, and each announcement has a number.
 */
export class ClusterBus implements AnnouncingBus {
  readonly #route: ClusterRoute;
  readonly #self = randomBytes(9).toString("base64url");
  readonly #log: AnnouncementLog;
  #listening: Listening | undefined;
  #turn = 0;
  #isIdle = false;

  constructor(route: ClusterRoute) {
    this.#route = route;
    this.#log = new AnnouncementLog({
      clock: backgroundClock,
      tell: (ranges) => this.#publish({ kind: "told", by: this.#self, ranges }),
    });
  }

  /** @throws `TIER_FAILED` when called again: a tier announces on one channel. */
  listen(channel: string, listener: BusListener): void {
    if (this.#listening !== undefined) throw new CacheError("TIER_FAILED", "The bus is listening already.");
    const echoChannel = `${channel}:echo:${randomUUID()}`;
    const heard = new HeardAnnouncements({
      clock: backgroundClock,
      deliver: (text) => listener.message(text),
      gap: () => listener.gap(),
    });
    const echo = new ClusterEcho({ came: (nonce) => listener.echo(nonce), lost: () => subscription.giveUp() });
    const subscription = new ClusterSubscription({
      channel,
      echoChannel,
      nodes: () => this.#route.masters,
      listener: {
        message: (text) => hear(text, heard, listener),
        echo: (text) => echo.hear(text),
        gap: () => {
          echo.forgetAll();
          listener.gap();
        },
      },
    });
    this.#listening = { channel, echoChannel, subscription, heard, echo };
    if (this.#isIdle) subscription.unref();
  }

  async publish(text: string): Promise<void> {
    this.#begun();
    const number = this.#log.next();
    await this.#publish({ kind: "whole", by: this.#self, number, text });
    this.#log.acknowledged(number);
  }

  async echo(nonce: string): Promise<void> {
    const { echo, echoChannel } = this.#begun();
    this.#route.keepFresh(FRESH_MS);
    const nodes = new Map(this.#route.masters.map((node) => [addressText(node.address), node]));
    if (nodes.size === 0) throw notReached();
    await echo.send(nonce, [...nodes.keys()], async (name, text) => {
      await nodes.get(name)?.run((client) => client.publish(echoChannel, text));
    });
  }

  async announcing<T>(text: string | undefined, change: Change<T>, steps = 1): Promise<T> {
    if (text === undefined || this.#listening === undefined) return change(Array.from({ length: steps }, () => []));
    const { channel } = this.#listening;
    const [by, number] = [this.#self, this.#log.next()];
    const messages = Array.from({ length: steps }, (_, step): ClusterMessage => {
      if (step > 0) return { kind: "step", by, number, step };
      return steps === 1 ? { kind: "whole", by, number, text } : { kind: "first", by, number, steps, text };
    });
    const done = await change(messages.map((message) => [channel, clusterText(message)]));
    if (done !== false) this.#log.acknowledged(number);
    return done;
  }

  waking(text: string | undefined): Announcement {
    if (text === undefined || this.#listening === undefined) return [];
    return [this.#listening.channel, clusterText({ kind: "wake", text })];
  }

  unref(): void {
    this.#isIdle = true;
    this.#listening?.subscription.unref();
  }

  async close(): Promise<void> {
    this.#log.close();
    this.#listening?.heard.close();
    this.#listening?.echo.forgetAll();
    await this.#listening?.subscription.close();
  }

  /** Through another node each time: one of them may be what loses messages. */
  async #publish(message: ClusterMessage): Promise<void> {
    const { channel } = this.#begun();
    const { masters } = this.#route;
    const answering = masters.filter(({ isAnswering }) => isAnswering);
    const nodes: readonly ClusterNode[] = answering.length > 0 ? answering : masters;
    const node = nodes[this.#turn++ % Math.max(nodes.length, 1)];
    if (node === undefined) throw notReached();
    await node.run((client) => client.publish(channel, clusterText(message)));
  }

  #begun(): Listening {
    if (this.#listening === undefined) throw new CacheError("TIER_FAILED", "The bus has not begun to listen.");
    return this.#listening;
  }
}

/** Hands on what was heard. What no cluster's bus has sent is handed on as it is. */
function hear(text: string, heard: HeardAnnouncements, listener: BusListener): void {
  const message = readClusterText(text);
  if (message === "foreign") listener.message(text);
  // A later version may have said anything.
  else if (message === "unknown") listener.gap();
  else heard.hear(message);
}

function notReached(): CacheError {
  return new CacheError("TIER_FAILED", "No node of the cluster has been reached.", {
    cause: { code: "NOT_CONNECTED" },
  });
}
