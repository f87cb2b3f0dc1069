import type { CancelTimer, Clock, Ms } from "@tiercache/core";
import type { ClusterMessage, NumberRange } from "./cluster-message.ts";

/** Who is told of what was heard. */
export interface HeardAnnouncementsParts {
  readonly clock: Clock;
  readonly deliver: (text: string) => void;
  /** Something that was announced has not been heard. */
  readonly gap: () => void;
}

/** How long something may be on its way behind what was sent later: nodes hand messages on at their own pace. */
export const LATE_AFTER_MS: Ms = 250;

/** What is remembered of senders that have fallen silent, and of one that tells nothing of itself. */
const FORGET_AFTER_MS: Ms = 60_000;
const MAX_NUMBERS = 100_000;

/** One announcement, as far as it has been heard. */
interface Announced {
  /** What is announced, once that has been heard. */
  text: string | undefined;
  /** In how many steps it is done, once that is known. */
  steps: number;
  readonly heard: Set<number>;
  readonly begunAt: Ms;
  /** Since when its sender says that it has been made. */
  toldAt: Ms | undefined;
  /** Whether it has been handed on though not all of its steps were heard. */
  isHandedOn: boolean;
  /** Whether nothing of it is awaited any longer. */
  isSettled: boolean;
}

/** What has become of one that was not heard whole: it is missing, or still in time, or its sender says nothing of it. */
type End = "missing" | "waiting" | "unknown";

interface Sender {
  readonly announced: Map<number, Announced>;
  heardAt: Ms;
}

/**
 * Hands on what was announced in a cluster, and notices what was not heard though its sender says that it was announced: of
 * what is still missing a moment later nobody knows what it was.
 */
export class HeardAnnouncements {
  readonly #parts: HeardAnnouncementsParts;
  readonly #senders = new Map<string, Sender>();
  #cancel: CancelTimer | undefined;

  constructor(parts: HeardAnnouncementsParts) {
    this.#parts = parts;
  }

  hear(message: ClusterMessage): void {
    if (message.kind === "wake") return this.#parts.deliver(message.text);
    const sender = this.#senderOf(message.by);
    if (message.kind === "told") return this.#compare(sender, message.ranges);
    const announced = this.#announcedOf(sender, message.number);
    if (message.kind !== "step") {
      announced.text = message.text;
      announced.steps = message.kind === "first" ? message.steps : 1;
    }
    announced.heard.add(message.kind === "step" ? message.step : 0);
    this.#deliverIfDone(announced);
  }

  close(): void {
    this.#cancel?.();
  }

  /** Who hears of something finds it done; so it is handed on with the last of its steps, and again if one is repeated. */
  #deliverIfDone(announced: Announced): void {
    if (announced.text !== undefined && announced.heard.size >= announced.steps) {
      announced.isSettled = true;
      this.#parts.deliver(announced.text);
    } else this.#checkLater();
  }

  #compare(sender: Sender, ranges: readonly NumberRange[]): void {
    const now = this.#parts.clock.now();
    const oldest = ranges[0]?.[0] ?? Number.POSITIVE_INFINITY;
    for (const [number, { isSettled, begunAt }] of sender.announced) {
      if (number < oldest && (isSettled || now - begunAt > FORGET_AFTER_MS)) sender.announced.delete(number);
    }
    for (const [first, last] of ranges) {
      if (last - first > MAX_NUMBERS) continue;
      for (let number = first; number <= last; number++) {
        const announced = this.#announcedOf(sender, number);
        announced.toldAt ??= now;
        if (!announced.isSettled) this.#checkLater();
      }
    }
  }

  #checkLater(): void {
    this.#cancel ??= this.#parts.clock.after(LATE_AFTER_MS / 2, () => {
      // After a pause of this process the timer is first; what has arrived meanwhile shall be heard before it counts.
      setImmediate(() => {
        this.#cancel = undefined;
        this.#check();
      });
    });
  }

  /** One gap for all that is missing by now. */
  #check(): void {
    const now = this.#parts.clock.now();
    const ends: End[] = [];
    for (const [by, { announced, heardAt }] of this.#senders) {
      if (now - heardAt > FORGET_AFTER_MS) this.#senders.delete(by);
      for (const each of announced.values()) if (!each.isSettled) ends.push(this.#endOf(each, now));
    }
    if (ends.includes("waiting")) this.#checkLater();
    if (ends.includes("missing")) this.#parts.gap();
  }

  #endOf(announced: Announced, now: Ms): End {
    const { text, toldAt, begunAt, isHandedOn } = announced;
    if (toldAt !== undefined) {
      announced.isSettled = now - toldAt >= LATE_AFTER_MS;
      return announced.isSettled ? "missing" : "waiting";
    }
    if (text === undefined || isHandedOn) return "unknown";
    if (now - begunAt < LATE_AFTER_MS) return "waiting";
    // Its sender is slow, or has died: what it has done of it so far must not go unheard.
    announced.isHandedOn = true;
    this.#parts.deliver(text);
    return "unknown";
  }

  #senderOf(by: string): Sender {
    const sender = this.#senders.get(by) ?? { announced: new Map(), heardAt: 0 };
    sender.heardAt = this.#parts.clock.now();
    this.#senders.set(by, sender);
    return sender;
  }

  #announcedOf({ announced }: Sender, number: number): Announced {
    const known = announced.get(number);
    if (known !== undefined) return known;
    const made: Announced = {
      text: undefined,
      steps: Number.POSITIVE_INFINITY,
      heard: new Set(),
      begunAt: this.#parts.clock.now(),
      toldAt: undefined,
      isHandedOn: false,
      isSettled: false,
    };
    announced.set(number, made);
    const [oldest] = announced.keys();
    if (announced.size > MAX_NUMBERS && oldest !== undefined) announced.delete(oldest);
    return made;
  }
}
