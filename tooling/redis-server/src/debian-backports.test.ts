import { expect, test } from "vitest";
import { backportsFor } from "./debian-backports.ts";

test("a Debian release has backports, other systems have none of ours", () => {
  const debian = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_CODENAME=bookworm\n';
  expect(backportsFor(debian)).toBe("deb http://deb.debian.org/debian bookworm-backports main");
  expect(backportsFor("ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n")).toBeUndefined();
  expect(backportsFor("ID=debian\n")).toBeUndefined();
  expect(backportsFor("")).toBeUndefined();
});
