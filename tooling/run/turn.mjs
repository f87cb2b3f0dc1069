import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { say } from "./messages.mjs";
import { toolchainFolder } from "./places.mjs";

const ticket = join(toolchainFolder, "in-turn");
const patienceMs = 10 * 60_000;

/**
 * Set-up and build of one clone are done by one process at a time: pnpm and the builders write into the same folders.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function inTurn(work) {
  await mkdir(toolchainFolder, { recursive: true });
  for (let waiting = false; !(await takeTicket()); waiting = true) {
    if (!waiting) say("waiting for another set-up of this clone to finish");
    await setTimeout(100);
  }
  try {
    await removeLeftovers();
    return await work();
  } finally {
    await rm(ticket, { force: true });
  }
}

/** @returns {Promise<boolean>} */
async function takeTicket() {
  try {
    await writeFile(ticket, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (!(await isAbandoned())) return false;
    await rm(ticket, { force: true });
    return takeTicket();
  }
}

// Left by a process that was killed. After a reboot its pid may be somebody else's, hence the limit.
async function isAbandoned() {
  try {
    const [holder, { mtimeMs }] = await Promise.all([readFile(ticket, "utf8"), stat(ticket)]);
    if (Date.now() - mtimeMs > patienceMs) return true;
    // Empty for the moment between its creation and its writing.
    if (holder !== "") process.kill(Number(holder), 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

// What a killed set-up had begun to fetch. Its npm may still be writing there: then the rest is removed the next time.
async function removeLeftovers() {
  const left = (await readdir(toolchainFolder)).filter((name) => name.startsWith("incoming-"));
  await Promise.allSettled(left.map((name) => rm(join(toolchainFolder, name), { recursive: true, force: true })));
}
