import type { LocalTier, RemoteTier, Tiers } from "./contracts/tier.ts";
import { invalidOption, objectWith } from "./option-rules.ts";
import type { RemoteLink } from "./remote/remote-link.ts";

/** The tiers by their kind, each checked. @throws `INVALID_OPTION`. */
export function split(tiers: Tiers): {
  readonly local: LocalTier | undefined;
  readonly remotes: readonly RemoteTier[];
} {
  const [first, ...others] = tiers;
  // Told apart by what they can do, as a JavaScript caller has no compiler that would.
  const local = isLocal(first) ? first : undefined;
  const remotes = local === undefined ? (tiers as readonly RemoteTier[]) : others;
  const remoteRule = objectWith("a remote tier", "now", "readMany", "write", "remove", "close");
  remotes.forEach((tier, index) => {
    if (!remoteRule.accepts(tier)) {
      const place = `createCache.tiers[${index + (local === undefined ? 0 : 1)}]`;
      const allowed = isLocal(tier) ? "a remote tier: a local tier comes first and alone" : remoteRule.allowed;
      throw invalidOption(place, tier, { allowed });
    }
  });
  return { local, remotes };
}

/** Tiers are told apart by their names: in events, and by callers who want one to be passed by. @throws `INVALID_OPTION`. */
export function namesOf(tiers: Tiers): readonly string[] {
  const names: string[] = [];
  for (const [index, { name }] of tiers.entries()) {
    const option = `createCache.tiers[${index}].name`;
    if (typeof name !== "string" || name.length === 0) throw invalidOption(option, name, { allowed: "a name" });
    if (names.includes(name)) throw invalidOption(option, name, { allowed: "a name that no other tier has" });
    names.push(name);
  }
  return names;
}

/** The remote tiers of a name, or all where none is given. @throws `INVALID_OPTION` for a name that none of them has. */
export function linksNamed(links: readonly RemoteLink[], owner: string, tier?: string): readonly RemoteLink[] {
  const named = tier === undefined ? links : links.filter(({ name }) => name === tier);
  if (tier === undefined || named.length > 0) return named;
  const allowed = `the name of a remote tier: ${links.map(({ name }) => name).join(", ")}`;
  throw invalidOption(`The argument of ${owner}`, tier, { allowed });
}

function isLocal(tier: unknown): tier is LocalTier {
  return objectWith("", "open").accepts(tier);
}
