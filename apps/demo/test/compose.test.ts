import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { commandLine, usage } from "../src/command-line.ts";
import { cacheSettings } from "../src/service/cache-settings.ts";

/* No container engine is needed here: what the files say of each other and of the demo is checked, not that they run. */

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: readonly string[] | Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly cap_drop?: readonly string[];
}

const folder = join(import.meta.dirname, "..");
const root = join(folder, "../..");
const read = (path: string): string => readFileSync(join(folder, path), "utf8");

const compose = parse(read("compose.yaml"), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const { services } = compose;
const dockerfile = read("Dockerfile");
const demos = Object.entries(services).filter(([name]) => name.startsWith("demo-"));
const imageEnvironment = Object.fromEntries(
  (/^ENV (.+)$/m.exec(dockerfile)?.[1] ?? "").split(" ").map((pair) => pair.split("=") as [string, string]),
);

/** What the demo is given in a container: what the image says, and what the compose file says, with its variables filled in. */
function environmentOf({ environment = {} }: Service): Record<string, string> {
  const secret = Buffer.alloc(32, 1).toString("base64");
  const filled = Object.entries(environment).map(([name, value]): [string, string] => [
    name,
    value.replace(/\$\{\w+:\?[^}]*\}/, secret).replace(/\$\{\w+:-([^}]*)\}/, "$1"),
  ]);
  return { ...imageEnvironment, ...Object.fromEntries(filled) };
}

describe("compose.yaml", () => {
  test.each(Object.entries(services))(
    "%s has an image of one version, and no more rights than it needs",
    (_, service) => {
      expect(service.image).toMatch(/:v?\d+\.\d+\.\d+(-[a-z]+)?$/);
      expect(service.cap_drop).toEqual(["ALL"]);
    },
  );

  test("the cache has a bound, and drops what was used least recently", () => {
    const command = services["valkey"]?.command ?? [];
    expect(command[command.indexOf("--maxmemory") + 1]).toBe("256mb");
    expect(command[command.indexOf("--maxmemory-policy") + 1]).toBe("allkeys-lru");
  });

  test("what is waited for is there, and can say that it is well", () => {
    for (const { depends_on: needed = [] } of Object.values(services)) {
      const names = Array.isArray(needed) ? needed : Object.keys(needed);
      for (const name of names) expect(services[name]?.healthcheck?.test.length).toBeGreaterThan(1);
    }
  });

  test("ports are open to this machine alone, each once", () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(ports).toHaveLength(3);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:3000$/);
    expect(new Set(ports.map((port) => port.split(":")[1])).size).toBe(ports.length);
  });

  test("what is mounted exists", () => {
    const sources = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.map((volume) => volume.split(":")[0] ?? ""),
    );
    for (const source of sources) {
      if (source.startsWith(".")) expect(existsSync(join(folder, source)), source).toBe(true);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  });
});

describe("the instances", () => {
  test("are two that know each other, over one cache and one folder of data", () => {
    expect(demos).toHaveLength(2);
    for (const [name, service] of demos) {
      const environment = environmentOf(service);
      const peer = new URL(environment["DEMO_PEERS"] ?? "");
      expect(demos.map(([other]) => other).filter((other) => other !== name)).toEqual([peer.hostname]);
      expect(peer.port).toBe(environment["PORT"]);
      expect(name).toBe(`demo-${environment["DEMO_INSTANCE"]}`);
      expect(service.volumes).toContain(`data:${environment["DEMO_DATA_FOLDER"]}`);
    }
  });

  test.each(demos)("%s is told only what the demo hears, and is content with it", (_, service) => {
    const environment = environmentOf(service);
    const unknown = Object.keys(environment).filter((name) => name !== "NODE_ENV" && !isRead(name));
    expect(unknown).toEqual([]);
    expect(cacheSettings(environment)).toMatchObject({ redisUrl: "redis://valkey:6379", profile: "production" });
    const [command = ""] = /^CMD (.+)$/m.exec(dockerfile)?.slice(1) ?? [];
    const [, main = "", ...args] = JSON.parse(command) as string[];
    expect(existsSync(join(root, main))).toBe(true);
    expect(commandLine(args, environment)).toMatchObject({ serve: true, host: "0.0.0.0", port: 3_000 });
  });
});

/** Whether people are told of a variable, as those who ask for help are. */
function isRead(name: string): boolean {
  return new RegExp(`(?<![A-Z_])${name}(?![A-Z_])`).test(usage);
}

describe("the image", () => {
  test("is made of bases of one version, by the pnpm that the workspace names", () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(bases).toHaveLength(2);
    for (const base of bases) expect(base).toMatch(/^node:\d+\.\d+\.\d+-/);
    const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      packageManager: string;
    };
    expect(dockerfile).toContain(`npm install --global ${packageManager}`);
  });

  test("runs as nobody in particular, and says whether it is well", () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf("FROM "));
    expect(last).toMatch(/^USER node$/m);
    expect(last.indexOf("USER node")).toBeLessThan(last.indexOf("\nCMD "));
    const [, path = "none"] = /HEALTHCHECK[\s\S]*?127\.0\.0\.1:3000(\/\w+)/.exec(last) ?? [];
    expect(read("src/http/endpoints/state-endpoints.ts")).toContain(`path: "${path}"`);
  });

  test("is built from what is there", () => {
    const copied = [...dockerfile.matchAll(/^COPY --from=build \/src\/(\S+)/gm)].map(([, path = ""]) => path);
    for (const path of copied) expect(existsSync(join(root, path)), path).toBe(true);
    for (const [, { build }] of demos) {
      expect(join(folder, build?.context ?? "")).toBe(join(root, "/").replace(/[\\/]$/, ""));
      expect(existsSync(join(folder, build?.context ?? "", build?.dockerfile ?? ""))).toBe(true);
    }
  });
});

describe("Prometheus and Grafana", () => {
  test("every instance is scraped, where it has its metrics", () => {
    const { scrape_configs: jobs } = parse(read("compose/prometheus.yaml"));
    expect(jobs).toHaveLength(1);
    expect(jobs[0].static_configs[0].targets).toEqual(demos.map(([name]) => `${name}:${imageEnvironment["PORT"]}`));
    expect(read("src/http/metrics-route.ts")).toContain(`"${jobs[0].metrics_path}"`);
  });

  test("Grafana asks that Prometheus, and finds the dashboard where it looks", () => {
    const [source] = parse(read("compose/grafana/datasources.yaml")).datasources;
    expect(Object.keys(services)).toContain(new URL(source.url).hostname);
    const [provider] = parse(read("compose/grafana/dashboards.yaml")).providers;
    const mounted = services["grafana"]?.volumes?.map((volume) => volume.split(":")[1]) ?? [];
    expect(mounted).toContain(`${provider.options.path}/tiercache.json`);
    const home = services["grafana"]?.environment?.["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"];
    expect(mounted).toContain(home);
    const files = mounted.filter((path) => path?.includes("/provisioning/"));
    expect(files).toEqual([
      "/etc/grafana/provisioning/datasources/tiercache.yaml",
      "/etc/grafana/provisioning/dashboards/tiercache.yaml",
    ]);
  });
});
