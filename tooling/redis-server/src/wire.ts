import { connect } from "node:net";

/**
 * Sends inline commands over a connection of its own and gives back all that is answered, as it came over the wire.
 * Rejects when nothing is listening, or when the answers are not complete within `timeoutMs`.
 */
export function ask(port: number, commands: readonly string[], timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    // QUIT makes the server close the connection: the end of the answers is known without parsing them.
    const socket = connect(port, "127.0.0.1", () => socket.write(`${[...commands, "QUIT"].join("\r\n")}\r\n`));
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
