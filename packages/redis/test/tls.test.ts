import { execFileSync } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import type { RemoteTier } from "@tiercache/core";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import type { RedisTls } from "../src/redis-options.ts";
import { listening, redisTier } from "./listening.ts";
import { PATIENT_MS, readOne, write } from "./servers.ts";

const folder = mkdtempSync(join(tmpdir(), "tiercache-tls-"));
const at = (name: string): string => join(folder, name);

/** An authority of our own, and a certificate of it for `localhost`. */
function makesCertificates(): boolean {
  const openssl = (...args: string[]): void => void execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  try {
    const request = ["req", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
    openssl(...request, "-x509", "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=ours");
    openssl(
      ...request,
      "-keyout",
      "server.key",
      "-out",
      "server.csr",
      "-subj",
      "/CN=localhost",
      "-addext",
      "subjectAltName=DNS:localhost",
    );
    openssl(
      "x509",
      "-req",
      "-in",
      "server.csr",
      "-CA",
      "ca.crt",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-copy_extensions",
      "copy",
      "-days",
      "2",
      "-out",
      "server.crt",
    );
    return true;
  } catch {
    return false;
  }
}

async function startTls(port: number): Promise<RedisServer | undefined> {
  const files = [
    "--tls-cert-file",
    at("server.crt"),
    "--tls-key-file",
    at("server.key"),
    "--tls-ca-cert-file",
    at("ca.crt"),
  ];
  return startRedis({ args: ["--tls-port", `${port}`, "--tls-auth-clients", "no", ...files] }).catch(() => undefined);
}

const port = randomInt(22_500, 24_900);
const server = makesCertificates() ? await startTls(port) : undefined;

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

describe.skipIf(server === undefined)("with TLS, which needs openssl and a server that was built with it", () => {
  let ca: string;
  const opened: RemoteTier[] = [];

  beforeAll(() => {
    ca = readFileSync(at("ca.crt"), "utf8");
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((tier) => tier.close()));
  });

  function open(host: string, tls?: RedisTls): RemoteTier {
    const url = `rediss://${host}:${port}`;
    const tier = redis({ url, commandTimeoutMs: PATIENT_MS, ...(tls === undefined ? {} : { tls }) });
    opened.push(tier);
    return tier;
  }

  test("a server is reached whose authority is known, by both connections", async () => {
    const tier = redisTier(open("localhost", { ca }));
    const key = randomUUID();
    await write(tier, key, "frame");
    expect(await readOne(tier, key)).toBeDefined();
    const heard = await listening(tier, `channel:${key}`);
    await tier.bus.publish("published");
    await heard.until("published");
  });

  test.each([
    ["whose authority is not known", "localhost", undefined],
    ["that has a certificate for another name", "127.0.0.1", {}],
  ])("a server %s is not spoken to", async (_, host, tls) => {
    const tier = open(host, tls === undefined ? undefined : { ...tls, ca });
    const error = await write(tier, "a", "SECRET").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "TIER_FAILED" });
    expect(inspect(error, { depth: 10 })).not.toContain("SECRET");
  });

  test("a certificate for another name is accepted where that name is expected", async () => {
    const tier = open("127.0.0.1", { ca, servername: "localhost" });
    await write(tier, randomUUID(), "frame");
  });
});
