import { connect } from "node:net";

/**
 * Sends inline commands over a connection of its own and gives back all that is answered, as it came over the wire.
 * Rejects when nothing is listening, or when the answers are not complete within `timeoutMs`.
 */
export function ask(port: number, commands: readonly string[], timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    // QUIT makes the server close the connection: the end of the answers is known without parsing them. A Sentinel knows no
    // QUIT, but closes a connection that nothing more comes on.
    const socket = connect(port, "127.0.0.1", () => socket.end(`${[...commands, "QUIT"].join("\r\n")}\r\n`));
    let answers = "";
    const deadline = setTimeout(() => socket.destroy(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs);
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      answers += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => {
      clearTimeout(deadline);
      resolve(answers);
    });
  });
}

const askedWithinMs = 10_000;

/**
 * What one command is answered: the text of a simple or bulk reply, the lines of anything else.
 *
 * @throws an `Error` with what the server says where it refuses
 */
export async function asked(port: number, command: string): Promise<string> {
  const reply = (await ask(port, [command], askedWithinMs)).replace(/(\+OK|-ERR unknown command 'QUIT'.*)\r\n$/, "");
  if (reply.startsWith("-")) throw new Error(`${command.split(" ", 2).join(" ")}: ${reply.slice(1).trim()}`);
  if (reply.startsWith("+") || reply.startsWith(":")) return reply.slice(1);
  return reply.startsWith("$") || reply.startsWith("*") ? reply.slice(reply.indexOf("\r\n") + 2) : reply;
}
