/** A node's word that another one is to be asked. It has not carried the command out. */
export interface Redirection {
  /** `MOVED`: from now on, for the whole slot. `ASK`: this once, as the slot is on its way there. */
  readonly kind: "MOVED" | "ASK";
  /** Where, as the cluster writes it. The host is empty for the one that says so. */
  readonly host: string;
  readonly port: number;
}

/** What a node's refusal says of another node, if it does: `MOVED 3999 10.0.0.7:6381`. */
export function redirectionIn(error: unknown): Redirection | undefined {
  if (!(error instanceof Error) || error.name !== "ReplyError") return undefined;
  const [, kind, host = "", port] = /^(MOVED|ASK) \d+ (.*):(\d+)$/.exec(error.message) ?? [];
  if (kind !== "MOVED" && kind !== "ASK") return undefined;
  return { kind, host, port: Number(port) };
}
