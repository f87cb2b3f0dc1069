import { cutSubscriber } from "./cut-subscriber.ts";
import { evictKeys } from "./evict-keys.ts";
import { evictTokens } from "./evict-tokens.ts";
import type { Fault } from "./fault.ts";
import { foreignBytes } from "./foreign-bytes.ts";
import { hang } from "./hang.ts";
import { killClients } from "./kill-clients.ts";
import { killPubSub } from "./kill-pubsub.ts";
import { pauseWorker } from "./pause-worker.ts";
import { restartEmpty } from "./restart-empty.ts";
import { restartOld } from "./restart-old.ts";
import { slowReplies } from "./slow-replies.ts";

/** Everything that goes wrong: add a fault by adding it here. */
export const FAULTS: readonly Fault[] = [
  killPubSub,
  killClients,
  hang,
  restartEmpty,
  restartOld,
  pauseWorker,
  cutSubscriber,
  evictKeys,
  evictTokens,
  foreignBytes,
  slowReplies,
];

/** What can be chosen: `all`, `none`, or names with commas between them. @throws an `Error` for anything else. */
export function faultsNamed(names: string): readonly Fault[] {
  if (names === "all") return FAULTS;
  if (names === "none") return [];
  return names.split(",").map((name) => {
    const fault = FAULTS.find((each) => each.name === name);
    if (fault !== undefined) return fault;
    throw new Error(`There is no fault ${name}; one of all, none, ${FAULTS.map((each) => each.name).join(", ")}.`);
  });
}
