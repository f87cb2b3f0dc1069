/**
 * What a step of an interleaving looks at and changes: names of things, such as the state of a process or a key of a server.
 * `"everything"` for a step of which that is not known.
 */
export type Footprint = "everything" | { readonly reads?: readonly string[]; readonly writes?: readonly string[] };

/** Whether two steps lead to the same state in either order, because neither changes what the other looks at. */
export function areIndependent(one: Footprint, other: Footprint): boolean {
  if (one === "everything" || other === "everything") return false;
  return !disturbs(one, other) && !disturbs(other, one);
}

function disturbs({ writes = [] }: Exclude<Footprint, string>, other: Exclude<Footprint, string>): boolean {
  return writes.some((name) => other.reads?.includes(name) === true || other.writes?.includes(name) === true);
}
