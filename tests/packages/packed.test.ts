import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const packages = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "packages");
const shell = process.platform === "win32";

/** A project outside the workspace that has only what it was given as tarballs, as a user's project would. */
class Project {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  static async with(...names: readonly string[]): Promise<Project> {
    const folder = await mkdtemp(join(tmpdir(), "tiercache-packed-"));
    await mkdir(join(folder, "tarballs"));
    await writeFile(join(folder, "package.json"), '{ "private": true }');
    for (const name of names) {
      const cwd = join(packages, name);
      await run("pnpm", ["pack", "--pack-destination", join(folder, "tarballs")], { cwd, shell });
    }
    const tarballs = (await readdir(join(folder, "tarballs"))).map((file) => join("tarballs", file));
    const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
    await run("npm", ["install", ...quiet, ...tarballs.map((file) => `./${file}`)], { cwd: folder, shell });
    return new Project(folder);
  }

  async run(file: string, source: string): Promise<string> {
    await writeFile(join(this.folder, file), source);
    const { stdout } = await run(process.execPath, [file], { cwd: this.folder });
    return stdout.trim();
  }

  async installed(): Promise<readonly string[]> {
    const names = await readdir(join(this.folder, "node_modules"));
    const scoped = await readdir(join(this.folder, "node_modules", "@tiercache"));
    return [
      ...names.filter((name) => !name.startsWith(".") && !name.startsWith("@")),
      ...names.filter((name) => name.startsWith("@") && name !== "@tiercache"),
      ...scoped.map((name) => `@tiercache/${name}`),
    ].toSorted();
  }
}

const program = `
const loads = [];
const cache = createCache({ tiers: [lru({ maxEntries: 100 })] });
const users = cache.namespace("user", { load: (id) => { loads.push(id); return { id }; } });
Promise.all([users.get("1"), users.get("1")])
  .then(() => users.get("1"))
  .then((user) => console.log(JSON.stringify({ user, loads })))
  .then(() => cache.close());
`;

describe("core and lru, packed and installed into an empty project", () => {
  let project: Project;

  beforeAll(async () => {
    project = await Project.with("core", "lru");
  }, 120_000);

  afterAll(() => rm(project.folder, { recursive: true, force: true }));

  test("make a memory-only cache from an ES module", async () => {
    const imports = 'import { createCache } from "@tiercache/core";\nimport { lru } from "@tiercache/lru";\n';
    expect(await project.run("cache.mjs", imports + program)).toBe('{"user":{"id":"1"},"loads":["1"]}');
  });

  test("make a memory-only cache from CommonJS", async () => {
    const imports = 'const { createCache } = require("@tiercache/core");\nconst { lru } = require("@tiercache/lru");\n';
    expect(await project.run("cache.cjs", imports + program)).toBe('{"user":{"id":"1"},"loads":["1"]}');
  });

  test("bring nothing else: no Redis client, no serializer, no telemetry", async () => {
    expect(await project.installed()).toEqual(["@tiercache/core", "@tiercache/lru"]);
  });

  test("say nothing of the workspace in their manifests", async () => {
    for (const name of ["core", "lru"]) {
      const manifest = await readFile(join(project.folder, "node_modules/@tiercache", name, "package.json"), "utf8");
      expect(manifest).not.toMatch(/workspace:|catalog:|@tiercache\/source/);
    }
  });
});

describe("core and circuit-breaker, packed and installed into an empty project", () => {
  let project: Project;

  const use = `
const breaker = circuitBreaker({ failures: 1 });
breaker.execute(() => Promise.reject(new Error("down")))
  .catch(() => breaker.execute(() => "v"))
  .catch((error) => console.log(isCacheError(error), error.code, breaker.state));
`;

  beforeAll(async () => {
    project = await Project.with("core", "circuit-breaker");
  }, 120_000);

  afterAll(() => rm(project.folder, { recursive: true, force: true }));

  test("make a breaker from an ES module and from CommonJS", async () => {
    const names = ["{ circuitBreaker }", "{ isCacheError }"];
    const [breaker, core] = ['"@tiercache/circuit-breaker"', '"@tiercache/core"'];
    const imports = `import ${names[0]} from ${breaker};\nimport ${names[1]} from ${core};\n`;
    const requires = `const ${names[0]} = require(${breaker});\nconst ${names[1]} = require(${core});\n`;
    expect(await project.run("breaker.mjs", imports + use)).toBe("true BREAKER_OPEN open");
    expect(await project.run("breaker.cjs", requires + use)).toBe("true BREAKER_OPEN open");
  });

  test("bring nothing else", async () => {
    expect(await project.installed()).toEqual(["@tiercache/circuit-breaker", "@tiercache/core"]);
  });
});

describe("core and opentelemetry, packed and installed into an empty project", () => {
  let project: Project;

  beforeAll(async () => {
    project = await Project.with("core", "opentelemetry");
  }, 120_000);

  afterAll(() => rm(project.folder, { recursive: true, force: true }));

  test("bring the API of OpenTelemetry, and neither SDK nor exporter", async () => {
    expect(await project.installed()).toEqual(["@opentelemetry", "@tiercache/core", "@tiercache/opentelemetry"]);
    expect(await readdir(join(project.folder, "node_modules/@opentelemetry"))).toEqual(["api"]);
  });

  test.each(["cjs", "mjs"])("observe a cache from a module of kind %s", async (kind) => {
    const names = { core: "createCache", opentelemetry: "metricsObserver, tracingObserver" };
    const imports = Object.entries(names).map(([name, what]) =>
      kind === "cjs"
        ? `const { ${what} } = require("@tiercache/${name}");`
        : `import { ${what} } from "@tiercache/${name}";`,
    );
    const use = `
const local = { name: "map", open: () => ({ size: 0, get() {}, set() {}, delete() {}, clear() {} }) };
const cache = createCache({ tiers: [local], observer: [metricsObserver(), tracingObserver()] });
cache.namespace("user", { load: (id) => id }).get("1").then(console.log).then(() => cache.close());
`;
    expect(await project.run(`observed.${kind}`, imports.join("\n") + use)).toBe("1");
  });
});
