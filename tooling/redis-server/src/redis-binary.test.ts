import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findRedisServer } from "./redis-binary.ts";

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tiercache-places-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** A folder with an executable that says of itself what a server of that version says. */
async function folderWith(name: string, says: string): Promise<string> {
  const folder = await emptyFolder();
  await addServer(folder, name, says);
  return folder;
}

async function addServer(folder: string, name: string, says: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), `#!/bin/sh\necho '${says}'\n`);
  await chmod(join(folder, name), 0o755);
}

test("a server on PATH is taken before an unpacked one", async () => {
  const path = await folderWith("redis-server", "Redis server v=7.2.5 sha=0 malloc=libc bits=64 build=0");
  const unpacked = await emptyFolder();
  await addServer(join(unpacked, "usr/bin"), "redis-server", "Redis server v=7.0.15 sha=0");
  expect(await findRedisServer({ path, unpacked })).toMatchObject({
    path: join(path, "redis-server"),
    version: "7.2.5",
  });
});

test("an unpacked server is found with the libraries unpacked along with it", async () => {
  const unpacked = await emptyFolder();
  await addServer(join(unpacked, "usr/bin"), "redis-server", "Redis server v=7.0.15 sha=0");
  const libraries = join(unpacked, "usr/lib/x86_64-linux-gnu");
  await mkdir(libraries, { recursive: true });
  expect(await findRedisServer({ path: "", unpacked })).toMatchObject({ kind: "redis", libraryFolders: [libraries] });
});

test("Valkey is a server too, whatever its executable is called", async () => {
  const path = await folderWith("redis-server", "Valkey server v=8.0.1 sha=0");
  expect(await findRedisServer({ path })).toMatchObject({ kind: "valkey", version: "8.0.1" });
});

test("a server older than 6.2 is passed over for a newer one further on", async () => {
  const old = await folderWith("redis-server", "Redis server v=6.0.16 sha=0");
  const recent = await folderWith("redis-server", "Redis server v=6.2.0 sha=0");
  expect(await findRedisServer({ path: [old, recent].join(delimiter) })).toMatchObject({ version: "6.2.0" });
});

test("a file that cannot be run is no server", async () => {
  const path = await folderWith("redis-server", "cannot execute binary file");
  expect(await findRedisServer({ path, unpacked: path })).toBeUndefined();
});
