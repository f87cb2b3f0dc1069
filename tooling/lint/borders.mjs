import { rooms } from "./rooms.mjs";

/**
 * The borders of the workspace, as rules for dependency-cruiser: no cycles, rooms in one direction, packages only
 * through their front doors, nothing that a manifest does not declare. Type imports count everywhere.
 */

const TESTS = String.raw`\.(test|test-d)\.ts$`;

const noCycles = { name: "no-cycles", severity: "error", from: {}, to: { circular: true } };

const packagesAreEnteredByTheirIndex = {
  name: "packages-are-entered-by-their-index",
  comment: "Another package's inner files may move at any time; its index is its promise. The cost of one is measured.",
  severity: "error",
  from: { path: "^(packages|apps|tooling)/([^/]+)/|^(tests)/", pathNot: "^apps/bench/src/cases/codecs[.]ts$" },
  to: {
    path: "^(packages|apps)/[^/]+/",
    pathNot: ["^$1/$2/", "^packages/[^/]+/(src/index\\.ts|dist/index\\.(js|cjs|d\\.ts))$"],
  },
};

const coreKnowsNoPackage = {
  name: "core-knows-no-package",
  comment: "The core has no dependencies, so that who installs it gets nothing else.",
  severity: "error",
  from: { path: "^packages/core/src/", pathNot: TESTS },
  to: { pathNot: "^packages/core/src/", dependencyTypesNot: ["core"] },
};

const satellitesKnowTheCoreAlone = {
  name: "satellites-know-the-core-alone",
  comment: "A star: what two satellites would share belongs in the core's contracts.",
  severity: "error",
  from: { path: "^packages/([^/]+)/src/", pathNot: [TESTS, "^packages/core/"] },
  to: { path: "^(packages|apps|tooling|tests)/", pathNot: ["^packages/$1/", "^packages/core/"] },
};

const declaredDependenciesOnly = {
  name: "declared-dependencies-only",
  comment: "What is imported stands in the package's own manifest.",
  severity: "error",
  from: {},
  to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
};

const publishedSourcesUseNoDevDependency = {
  name: "published-sources-use-no-dev-dependency",
  severity: "error",
  from: { path: "^packages/[^/]+/src/", pathNot: TESTS },
  to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm-peer"], pathNot: "^packages/" },
};

const resolvable = {
  name: "resolvable",
  severity: "error",
  from: {},
  to: { couldNotResolve: true },
};

/** For each room, what it must not know: every later room of its package. */
function roomRules(name, order) {
  return order.flatMap((group, index) => {
    const later = order.slice(index + 1).flat();
    if (later.length === 0) return [];
    return {
      name: `${name}-rooms-in-one-direction`,
      comment: `${group.join(", ")} may not know ${later.join(", ")}`,
      severity: "error",
      from: { path: roomPath(name, group), pathNot: TESTS },
      to: { path: roomPath(name, later) },
    };
  });
}

/** A room is found by what it imports and by who imports it; a file with neither is dead. */
function everyRoomIsListed(name, order) {
  const unlisted = { path: `^packages/${name}/src/`, pathNot: [roomPath(name, order.flat()), TESTS] };
  const rule = {
    name: `${name}-every-room-is-listed`,
    comment: "A new room takes its place in tooling/lint/rooms.mjs.",
    severity: "error",
  };
  return [
    { ...rule, from: unlisted, to: {} },
    { ...rule, from: {}, to: unlisted },
  ];
}

function roomPath(name, names) {
  return `^packages/${name}/src/(${names.join("|")})(/|\\.ts$)`;
}

export default {
  forbidden: [
    noCycles,
    packagesAreEnteredByTheirIndex,
    coreKnowsNoPackage,
    satellitesKnowTheCoreAlone,
    declaredDependenciesOnly,
    publishedSourcesUseNoDevDependency,
    resolvable,
    ...Object.entries(rooms).flatMap(([name, order]) => [...roomRules(name, order), ...everyRoomIsListed(name, order)]),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|node_modules|\\.toolchain|\\.data)/" },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@tiercache/source", "import", "require", "node", "default", "types"],
      extensions: [".ts", ".mjs", ".js", ".d.ts"],
    },
  },
};
