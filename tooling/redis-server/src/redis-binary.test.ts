import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { findRedisServer } from "./redis-binary.ts";

beforeEach(() => {
  vi.stubEnv("TIERCACHE_REDIS_KIND", "");
  return () => void vi.unstubAllEnvs();
});

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

test("a server of the kind asked for is taken, wherever it is", async () => {
  const redis = await folderWith("redis-server", "Redis server v=7.2.5 sha=0");
  const valkey = await folderWith("valkey-server", "Valkey server v=8.0.1 sha=0");
  const path = [redis, valkey].join(delimiter);
  expect(await findRedisServer({ path })).toMatchObject({ kind: "redis" });
  expect(await findRedisServer({ path, kind: "valkey" })).toMatchObject({ kind: "valkey" });
  const unpacked = await emptyFolder();
  await addServer(join(unpacked, "usr/bin"), "valkey-server", "Valkey server v=8.1.0 sha=0");
  expect(await findRedisServer({ path: redis, unpacked, kind: "valkey" })).toMatchObject({ version: "8.1.0" });
  expect(await findRedisServer({ path: "", unpacked, kind: "redis" })).toBeUndefined();
});

test("the environment says which kind it must be where nobody else does", async () => {
  const redis = await folderWith("redis-server", "Redis server v=7.2.5 sha=0");
  const path = [redis, await folderWith("valkey-server", "Valkey server v=8.0.1 sha=0")].join(delimiter);
  vi.stubEnv("TIERCACHE_REDIS_KIND", "valkey");
  expect(await findRedisServer({ path })).toMatchObject({ kind: "valkey" });
  expect(await findRedisServer({ path, kind: "redis" })).toMatchObject({ kind: "redis" });
  vi.stubEnv("TIERCACHE_REDIS_KIND", "keydb");
  await expect(findRedisServer({ path })).rejects.toThrow(
    'TIERCACHE_REDIS_KIND is "keydb"; allowed is redis or valkey.',
  );
});
