/** Where a server is and how to log in, as ioredis wants to know it. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  readonly family?: number;
  readonly tls?: Readonly<Record<string, never>>;
}

const DEFAULT_PORT = 6379;

/**
 * Reads a `redis://` or `rediss://` URL. `undefined` for anything that is not one, or that says something which would
 * not be heeded: ioredis itself takes any of its options from a URL, also those that a cache depends on.
 */
export function serverAt(text: string): ServerAddress | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!/^rediss?:$/.test(url.protocol) || url.hostname === "" || url.hash !== "") return undefined;
  const db = /^\/?(\d{0,5})$/.exec(url.pathname)?.[1];
  const family = familyIn(url.searchParams);
  const login = loginIn(url);
  if (db === undefined || family === undefined || login === undefined || url.port === "0") return undefined;
  return {
    // An IPv6 address stands in brackets in a URL, but not in a socket's options.
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? DEFAULT_PORT : Number(url.port),
    db: Number(db),
    ...login,
    ...(family === 0 ? {} : { family }),
    ...(url.protocol === "rediss:" ? { tls: {} } : {}),
  };
}

function familyIn(query: URLSearchParams): number | undefined {
  const names = [...query.keys()];
  if (names.length === 0) return 0;
  const family = Number(query.get("family") || Number.NaN);
  return names.length === 1 && [0, 4, 6].includes(family) ? family : undefined;
}

function loginIn({ username, password }: URL): Pick<ServerAddress, "username" | "password"> | undefined {
  try {
    return {
      ...(username === "" ? {} : { username: decodeURIComponent(username) }),
      ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    };
  } catch {
    // A percent sign that encodes nothing.
    return undefined;
  }
}
