/** What all instances have done together. */
export function summed(instances) {
  const histories = instances.map(({ history }) => history);
  const length = Math.max(0, ...histories.map((history) => history.length));
  const history = Array.from({ length }, (_, fromEnd) =>
    histories.reduce((sum, one) => added(sum, one.at(fromEnd - length)), { local: 0, remote: 0, loaded: 0 }),
  );
  return { history, tiers: tiersOf(instances), namespaces: namespacesOf(instances), origins: originsOf(instances) };
}

/** The shares of the last moments. */
export function recentShares(history) {
  const recent = history.slice(-10).reduce(added, { local: 0, remote: 0, loaded: 0 });
  const all = recent.local + recent.remote + recent.loaded;
  const share = (part) => (all === 0 ? null : recent[part] / all);
  return { local: share("local"), remote: share("remote"), loaded: share("loaded") };
}

function added(sum, sample) {
  if (sample === undefined) return sum;
  return {
    local: sum.local + sample.local,
    remote: sum.remote + sample.remote,
    loaded: sum.loaded + sample.loaded,
  };
}

function tiersOf(instances) {
  const sums = {
    local: { entries: 0, hits: 0 },
    remote: { hits: 0, calls: 0, refusedCalls: 0, failures: 0, outboxKeys: 0 },
  };
  const breakers = [];
  for (const { name, tiers } of instances) {
    for (const tier of tiers) {
      const sum = sums[tier.kind];
      for (const counted of Object.keys(sum)) sum[counted] += tier[counted] ?? 0;
      if (tier.breaker !== null) breakers.push({ instance: name, state: tier.breaker });
    }
  }
  const of = (kind) =>
    instances.flatMap(({ tiers }) => tiers).find((tier) => tier.kind === kind && tier.p50Ms !== null);
  return { ...sums, breakers, localMs: of("local")?.p50Ms ?? null, remoteMs: of("remote") ?? null };
}

/** Shares weighted by the reads of each instance. */
function namespacesOf(instances) {
  const byName = new Map();
  for (const namespace of instances.flatMap(({ namespaces }) => namespaces)) {
    const { name, reads } = namespace;
    const sum = byName.get(name) ?? {
      name,
      target: namespace.target,
      reads: 0,
      hits: 0,
      local: 0,
      remote: 0,
      entries: 0,
      savedMs: 0,
      wasRead: false,
      loads: [],
    };
    sum.reads += reads;
    sum.hits += (namespace.hitRate ?? 0) * reads;
    sum.local += namespace.localShare * reads;
    sum.remote += namespace.remoteShare * reads;
    sum.entries += namespace.entries;
    sum.savedMs += namespace.savedMs;
    sum.wasRead ||= namespace.wasRead;
    if (namespace.loadP50Ms !== null) sum.loads.push(namespace.loadP50Ms);
    byName.set(name, sum);
  }
  return [...byName.values()].map(({ hits, local, remote, loads, ...rest }) => {
    const share = (part) => (rest.reads === 0 ? 0 : part / rest.reads);
    return {
      ...rest,
      hitRate: rest.reads === 0 ? null : hits / rest.reads,
      local: share(local),
      remote: share(remote),
      loadMs: loads.length === 0 ? null : Math.max(...loads),
    };
  });
}

function originsOf(instances) {
  const sum = { calls: {}, costUsd: 0, savedLoads: 0, savedMs: 0, savedUsd: 0 };
  for (const { origins } of instances) {
    for (const [what, calls] of Object.entries(origins.calls)) sum.calls[what] = (sum.calls[what] ?? 0) + calls;
    for (const counted of ["costUsd", "savedLoads", "savedMs", "savedUsd"]) sum[counted] += origins[counted];
  }
  return sum;
}
