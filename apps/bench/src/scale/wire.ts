/** How long things are that go over the wire, in bytes. */
export interface Lengths {
  /** A key as the server has it, with its prefix and namespace. */
  readonly key: number;
  /** A value as its serializer makes it. */
  readonly value: number;
  /** The channel of the bus. */
  readonly channel: number;
  /** An announcement of one key. */
  readonly announcement: number;
}

/** What one step costs on the wire: what the server is sent, what it answers, and what each who listens is sent. */
export interface WireCost {
  readonly in: number;
  readonly out: number;
  readonly delivered: number;
}

/** The commands of a step, as a server counts them: what a script calls is counted as well. */
export type Commands = Readonly<Record<string, number>>;

/** One kind of exchange with the server. */
export interface Step {
  readonly commands: Commands;
  readonly cost: WireCost;
}

/** A placeholder; a frame around its value: the header and the token of its generation. */
const PLACEHOLDER = 64;
const FRAME = 72;
/** What scripts are known by, the one that is sent whole, and what compares revisions. */
const DIGEST = 40;
const REMOVAL = 832;
const REVISION = 16;
const LIFE = 7;
const UUID = 36;

const NIL = 5;
const OK = 5;
const INTEGER = 4;

/** All that processes ask of a server, as redis() asks it: one key at a time. */
export function stepsOf({ key, value, channel, announcement }: Lengths) {
  const frame = FRAME + value;
  const echoChannel = channel + ":echo:".length + UUID;
  const message = pushed(channel, announcement);
  return {
    /** Reads a key that is not there, that somebody has a lease of, that has a value. */
    absent: step({ get: 1 }, [sent(3, key), NIL]),
    leased: step({ get: 1 }, [sent(3, key), bulk(PLACEHOLDER)]),
    found: step({ get: 1 }, [sent(3, key), bulk(frame)]),
    /** Takes a lease. */
    acquire: step({ set: 1 }, [sent(3, key, PLACEHOLDER, 2, 5, 2), OK]),
    /** Puts a value in the lease's place, and says so if somebody waits. */
    commit: step({ evalsha: 1, getrange: 1, set: 1 }, [
      sent(7, DIGEST, 1, key, REVISION, frame, LIFE, channel, announcement),
      INTEGER,
    ]),
    refused: step({ evalsha: 1, getrange: 1 }, [
      sent(7, DIGEST, 1, key, REVISION, frame, LIFE, channel, announcement),
      INTEGER,
    ]),
    filled: step({ publish: 1 }, [0, 0, message]),
    /** Tells the holder that somebody waits: the first who does changes the placeholder. */
    wait: step({ evalsha: 1, getrange: 1 }, [sent(7, DIGEST, 1, key, REVISION), INTEGER]),
    firstWait: step({ evalsha: 1, getrange: 1, setrange: 1 }, [sent(7, DIGEST, 1, key, REVISION), INTEGER]),
    invalidate: step({ eval: 1, getrange: 1, unlink: 1, publish: 1 }, [
      sent(4, REMOVAL, 1, key, REVISION, channel, announcement),
      NIL,
      message,
    ]),
    /** Sends an echo, which only who sent it hears. */
    echo: step({ publish: 1 }, [sent(7, echoChannel, 3), INTEGER, pushed(echoChannel, 3)]),
  } as const satisfies Record<string, Step>;
}

/** The steps by their names. */
export type Steps = ReturnType<typeof stepsOf>;

function step(commands: Commands, [sentBytes, answered, delivered = 0]: readonly [number, number, number?]): Step {
  return { commands, cost: { in: sentBytes, out: answered, delivered } };
}

/** A command with arguments of these lengths. */
function sent(...lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + bulk(length), `*${lengths.length}\r\n`.length);
}

/** A message to somebody who listens. */
function pushed(channel: number, text: number): number {
  return "*3\r\n".length + bulk("message".length) + bulk(channel) + bulk(text);
}

function bulk(length: number): number {
  return `$${length}\r\n`.length + length + 2;
}
