import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { HistoryEvent } from "./event.ts";

/** All events that the processes of a run have written into a folder. */
export async function eventsIn(folder: string): Promise<readonly HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".jsonl")) continue;
    for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
      if (line !== "") events.push(JSON.parse(line) as HistoryEvent);
    }
  }
  return events;
}
