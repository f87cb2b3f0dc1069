import { randomUUID } from "node:crypto";
import type { BusListener, RemoteTier } from "@tiercache/core";
import { RedisTier } from "../src/redis-tier.ts";
import { eventually } from "./servers.ts";

/** What a bus has brought, in order: messages as they are, echoes and gaps with a word before them. */
export class Heard implements BusListener {
  readonly all: string[] = [];

  message(text: string): void {
    this.all.push(text);
  }

  echo(nonce: string): void {
    this.all.push(`echo ${nonce}`);
  }

  gap(): void {
    this.all.push("gap");
  }

  get gaps(): number {
    return this.all.filter((one) => one === "gap").length;
  }

  /** Waits until this has been heard. */
  async until(one: string): Promise<void> {
    await eventually(() => this.all.includes(one));
  }
}

/** A tier with all that a Redis tier can do. */
export function redisTier(tier: RemoteTier): RedisTier {
  if (!(tier instanceof RedisTier)) throw new Error("It is no Redis tier.");
  return tier;
}

/** Has a tier listen, and comes back when it does. */
export async function listening(tier: RedisTier, channel: string): Promise<Heard> {
  const heard = new Heard();
  tier.bus.listen(channel, heard);
  await heard.until("gap");
  return heard;
}

/** Sends echoes, as a cache does, until one of them has come back. */
export async function echoed(tier: RedisTier, heard: Heard): Promise<void> {
  const sent: string[] = [];
  await eventually(async () => {
    sent.push(randomUUID());
    await tier.bus.echo(sent.at(-1) ?? "").catch(() => {});
    return sent.some((nonce) => heard.all.includes(`echo ${nonce}`));
  });
}
