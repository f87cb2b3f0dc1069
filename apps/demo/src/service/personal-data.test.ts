import { expect, test } from "vitest";
import { personalData, personalDataSecret } from "./personal-data.ts";

const resume = { userId: 7, text: "A resume that is long enough to be compressed. ".repeat(50) };

test("a resume is nowhere to be seen in its bytes, and comes back for whoever has the secret", () => {
  const secret = personalDataSecret({});
  const bytes = personalData(secret).encode(resume, "demo/resume:7:master");
  expect(Buffer.from(bytes).includes("resume")).toBe(false);
  expect(personalData(secret).decode(bytes, "demo/resume:7:master")).toEqual(resume);
});

test("a resume that was copied under another user's key does not open", () => {
  const serializer = personalData(personalDataSecret({}));
  const bytes = serializer.encode(resume, "demo/resume:7:master");
  expect(() => serializer.decode(bytes, "demo/resume:8:master")).toThrow();
});

test("processes with the same PERSONAL_DATA_SECRET read one another's values, others do not", () => {
  const shared = { PERSONAL_DATA_SECRET: Buffer.alloc(32, 7).toString("base64") };
  const bytes = personalData(personalDataSecret(shared)).encode(resume, "k");
  expect(personalData(personalDataSecret(shared)).decode(bytes, "k")).toEqual(resume);
  expect(() => personalData(personalDataSecret({})).decode(bytes, "k")).toThrow();
});

test("a secret of the wrong length is refused by the variable's name, and not shown", () => {
  const wrong = { PERSONAL_DATA_SECRET: "c2hvcnQ=" };
  expect(() => personalDataSecret(wrong)).toThrow("PERSONAL_DATA_SECRET is not 32 bytes in base64.");
});
