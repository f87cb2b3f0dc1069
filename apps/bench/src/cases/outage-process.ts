import { faults } from "../outage/outage.ts";
import { readsDuring } from "../outage/reads-during.ts";
import { peerNamed } from "../peers/peers.ts";

/* node outage-process.ts <peer> <fault> <ms>: says how long reads take while a server is away for so long. */
const [peer = "", name = "", awayMs = ""] = process.argv.slice(2);
const fault = faults.find((each) => each.name === name);
if (fault === undefined) throw new Error(`There is no fault "${name}".`);
process.send?.(await readsDuring(fault, Number(awayMs), peerNamed(peer)));
