import { expect, test } from "vitest";
import { Certificate } from "./certificate.ts";

test("a certificate holds for its horizon from the sending of the last echo that came back", () => {
  const certificate = new Certificate(1_000);
  expect(certificate.until).toBe(Number.NEGATIVE_INFINITY);
  certificate.confirm(500);
  certificate.confirm(200);
  expect(certificate.until).toBe(1_500);
});

test("a gap takes it away, and begins an epoch", () => {
  const certificate = new Certificate(1_000);
  certificate.confirm(500);
  certificate.revoke();
  expect([certificate.until, certificate.epoch]).toEqual([Number.NEGATIVE_INFINITY, 1]);
});

test("one that does without proof holds after a gap too, whatever becomes of the echo, but what was kept before is not of its epoch", () => {
  const certificate = new Certificate(Number.POSITIVE_INFINITY);
  certificate.revoke();
  expect([certificate.until, certificate.epoch]).toEqual([Number.POSITIVE_INFINITY, 1]);
});
