import assert from "node:assert/strict";
import type { Proofs } from "../contract-case.ts";
import type { RemoteTrial } from "./remote-trial.ts";

/** Texts that a careless implementation stumbles over. */
const ODD_TEXTS = [
  "",
  " ",
  "a\u0000b",
  "a\r\nb",
  "{}",
  "[1",
  "null",
  "echo:1",
  "__proto__",
  "日本",
  "🙂",
  "x".repeat(100_000),
];

/** Who hears what. */
export const hearingCases: Proofs<RemoteTrial> = {
  "listening begins with a gap": async (trial) => {
    const ear = await trial.listen();
    assert.deepEqual(ear.heard, ["gap"]);
  },
  "a message is heard by all who listen, its sender included": async (trial) => {
    const other = await trial.another();
    const ears = [await trial.listen(), await trial.listen(other)];
    await trial.busOf().publish("from one");
    await trial.busOf(other).publish("from the other");
    for (const ear of ears) {
      await ear.catchesUp();
      assert.deepEqual(ear.messages.toSorted(), ["from one", "from the other"]);
    }
  },
  "every text is heard as it was published": async (trial) => {
    const ear = await trial.listen();
    for (const text of ODD_TEXTS) await trial.busOf().publish(text);
    await ear.catchesUp();
    assert.deepEqual(ear.messages.toSorted(), ODD_TEXTS.toSorted());
  },
  "of many messages each is heard once": async (trial) => {
    const other = await trial.another();
    const ear = await trial.listen();
    await trial.listen(other);
    const texts = Array.from({ length: 100 }, (_, index) => `message ${index}`);
    await Promise.all(texts.map((text, index) => trial.busOf(index % 2 === 0 ? other : trial.tier).publish(text)));
    await ear.catchesUp();
    assert.deepEqual(ear.messages.toSorted(), texts.toSorted());
  },
  "who listens on another channel does not hear it": async (trial) => {
    const other = await trial.another();
    const ear = await trial.listen();
    const elsewhere = trial.ear(other);
    trial.busOf(other).listen(trial.key("another channel"), elsewhere);
    await elsewhere.hears("gap");
    await trial.busOf().publish("here");
    await trial.busOf(other).publish("there");
    for (const each of [ear, elsewhere]) await each.catchesUp();
    assert.deepEqual([ear.messages, elsewhere.messages], [["here"], ["there"]]);
  },
};

/** What an echo proves. */
export const echoCases: Proofs<RemoteTrial> = {
  "an echo comes back to who has sent it, and to nobody else": async (trial) => {
    const other = await trial.another();
    const [ear, otherEar] = [await trial.listen(), await trial.listen(other)];
    await trial.busOf().echo("mine");
    await ear.hears("echo mine");
    await otherEar.catchesUp();
    assert.deepEqual(
      otherEar.heard.filter((heard) => heard.includes("mine")),
      [],
    );
    assert.deepEqual(ear.messages, []);
  },
  "echoes come back as they were sent": async (trial) => {
    const ear = await trial.listen();
    const nonces = ODD_TEXTS.slice(0, -1);
    for (const nonce of nonces) await trial.busOf().echo(nonce);
    for (const nonce of nonces) await ear.hears(`echo ${nonce}`);
    assert.equal(ear.heard.length, nonces.length + 1);
  },
  "an echo comes behind everything that was announced before, by whomever": async (trial) => {
    const other = await trial.another();
    const ear = await trial.listen();
    await trial.listen(other);
    for (let round = 1; round <= 10; round++) {
      for (const tier of [trial.tier, other]) {
        await trial.busOf(tier).publish(`published ${round}`);
        await tier.write(trial.key("1"), Uint8Array.of(1), {
          ...trial.call,
          ttlMs: 60_000,
          announce: `written ${round}`,
        });
      }
      await trial.busOf().echo(`echo ${round}`);
      await ear.hears(`echo echo ${round}`);
      const before = ear.heard.slice(0, ear.heard.indexOf(`echo echo ${round}`));
      assert.equal(before.filter((heard) => heard.startsWith("message ")).length, 4 * round);
    }
  },
};

/** When listening begins again, and when it ends. */
export const closingCases: Proofs<RemoteTrial> = {
  "listening goes on when the connection breaks, behind a gap": async (trial) => {
    const other = await trial.another();
    const ear = await trial.listen();
    await trial.listen(other);
    if (!(await trial.breaksBus())) return;
    await ear.hears("gap", 2);
    await trial.busOf(other).publish("after the gap");
    await ear.catchesUp();
    assert.ok(ear.heard.lastIndexOf("gap") < ear.heard.indexOf("message after the gap"));
  },
  "nothing is heard after closing, and others hear on": async (trial) => {
    const other = await trial.another();
    const [ear, otherEar] = [await trial.listen(), await trial.listen(other)];
    await ear.catchesUp();
    await trial.busOf().close();
    const heard = ear.heard.length;
    await trial.busOf(other).publish("too late");
    await otherEar.catchesUp();
    assert.deepEqual(otherEar.messages, ["too late"]);
    assert.equal(ear.heard.length, heard);
  },
  "closing twice is closing once, and what never listened may be closed": async (trial) => {
    await trial.busOf().close();
    const other = await trial.another();
    await trial.listen(other);
    await Promise.all([trial.busOf(other).close(), trial.busOf(other).close()]);
    await trial.busOf(other).close();
  },
};
