import { manualClock } from "@tiercache/testing";
import { expect, test } from "vitest";
import { ServerTime, type TimeReply } from "./server-time.ts";

const SERVER_ZERO = 1_700_000_000_000;

/** A server's time by a manual clock; each question waits until the test answers it. */
function asked() {
  const clock = manualClock(5_000);
  const questions: PromiseWithResolvers<TimeReply>[] = [];
  const time = new ServerTime({
    clock,
    ask: () => {
      questions.push(Promise.withResolvers());
      return (questions.at(-1) as PromiseWithResolvers<TimeReply>).promise;
    },
  });
  const answer = async (serverMs: number): Promise<void> => {
    const running = time.learn();
    questions.at(-1)?.resolve([String(Math.floor(serverMs / 1_000)), String((serverMs % 1_000) * 1_000)]);
    await running;
  };
  return { clock, questions, time, answer };
}

test("the time is unknown until it has been learned, and then moves with the clock", async () => {
  const { clock, time, answer } = asked();
  expect(time.now()).toBeUndefined();
  await answer(SERVER_ZERO + 250);
  expect(time.now()).toBe(SERVER_ZERO + 250);
  clock.advance(1_000);
  expect(time.now()).toBe(SERVER_ZERO + 1_250);
});

test("the answer is taken to be half a round trip old", async () => {
  const { clock, time, answer } = asked();
  void time.learn();
  clock.advance(40);
  await answer(SERVER_ZERO);
  expect(time.now()).toBe(SERVER_ZERO + 20);
});

test("an answer in numbers is as good as one in text", async () => {
  const { questions, time } = asked();
  const learned = time.learn();
  questions[0]?.resolve([1_700_000_000, 500_000]);
  await learned;
  expect(time.now()).toBe(SERVER_ZERO + 500);
});

test("an answer that is no time leaves it unknown", async () => {
  const { questions, time } = asked();
  const learned = time.learn();
  questions[0]?.resolve(["soon"]);
  await learned;
  expect(time.now()).toBeUndefined();
});

test("who asks meanwhile waits for the same answer", () => {
  const { questions, time } = asked();
  expect(time.learn()).toBe(time.learn());
  time.keepFresh();
  expect(questions).toHaveLength(1);
});

test("a fresh time is not asked for again, one of ten seconds is", async () => {
  const { clock, questions, time, answer } = asked();
  await answer(SERVER_ZERO);
  clock.advance(9_999);
  time.keepFresh();
  expect(questions).toHaveLength(1);
  clock.advance(1);
  time.keepFresh();
  time.keepFresh();
  expect(questions).toHaveLength(2);
});

test("a less exact answer does not displace a better one", async () => {
  const { clock, time, answer } = asked();
  await answer(SERVER_ZERO);
  clock.advance(20_000);
  void time.learn();
  clock.advance(100);
  await answer(SERVER_ZERO + 20_090);
  expect(time.now()).toBe(SERVER_ZERO + 20_100);
});

test("a less exact answer is taken when it shows that the server's clock was set", async () => {
  const { clock, time, answer } = asked();
  await answer(SERVER_ZERO);
  clock.advance(20_000);
  void time.learn();
  clock.advance(100);
  await answer(SERVER_ZERO - 3_600_000);
  expect(time.now()).toBe(SERVER_ZERO - 3_600_000 + 50);
});

test("a forgotten time is unknown, and an answer to an earlier connection's question is not taken", async () => {
  const { questions, time, answer } = asked();
  await answer(SERVER_ZERO);
  const late = time.learn();
  time.forget();
  expect(time.now()).toBeUndefined();
  questions[1]?.resolve([1, 0]);
  await late;
  expect(time.now()).toBeUndefined();
  await answer(SERVER_ZERO + 7);
  expect(time.now()).toBe(SERVER_ZERO + 7);
});

test("a failed question rejects for who waits, and the next one asks again", async () => {
  const { questions, time, answer } = asked();
  const failed = time.learn();
  questions[0]?.reject(new Error("NOPERM"));
  await expect(failed).rejects.toThrow("NOPERM");
  expect(time.now()).toBeUndefined();
  await answer(SERVER_ZERO);
  expect(time.now()).toBe(SERVER_ZERO);
});
