import { expect, test } from "vitest";
import { ServerIdentity } from "./server-identity.ts";

const replyError = (message: string): Error => Object.assign(new Error(message), { name: "ReplyError" });

/** A server's answers to `INFO server`, one a question; an error is a refusal. */
function answering(...answers: readonly (string | Error)[]): ServerIdentity {
  const left = [...answers];
  return new ServerIdentity(() => {
    const answer = left.shift() ?? new Error("It was asked too often.");
    return typeof answer === "string" ? Promise.resolve(answer) : Promise.reject(answer);
  });
}

async function answersOf(identity: ServerIdentity, count: number): Promise<readonly boolean[]> {
  const all: boolean[] = [];
  for (let i = 0; i < count; i++) all.push(await identity.isAnother());
  return all;
}

const server = (runId: string): string =>
  `# Server\r\nredis_version:7.0.15\r\nprocess_id:1\r\nrun_id:${runId}\r\ntcp_port:6379\r\n`;

test("the first server is not another one, nor is the same again", async () => {
  const identity = answering(server("a0"), server("a0"), server("b1"), server("b1"), server("a0"));
  expect(await answersOf(identity, 5)).toEqual([false, false, true, false, true]);
});

test.each([
  ["that may not be asked", replyError("NOPERM this user has no permissions to run the 'info' command")],
  ["that knows no such command", replyError("ERR unknown command 'info', with args beginning with: 'server'")],
  ["that does not tell", "# Server\r\nredis_version:7.0.15\r\n"],
])("a server %s counts as another one each time after the first", async (_, answer) => {
  const identity = answering(answer, answer, answer, server("a0"), server("a0"), answer);
  expect(await answersOf(identity, 6)).toEqual([false, true, true, true, false, true]);
});

test("a question that fails is no answer: what was known stays known", async () => {
  const identity = answering(server("a0"), new Error("Command timed out"), server("a0"), new Error("x"), server("b1"));
  expect(await identity.isAnother()).toBe(false);
  await expect(identity.isAnother()).rejects.toThrow("Command timed out");
  expect(await identity.isAnother()).toBe(false);
  await expect(identity.isAnother()).rejects.toThrow("x");
  expect(await identity.isAnother()).toBe(true);
});
