import type { Bus, BusListener } from "@tiercache/core";
import { describe, expect, test } from "vitest";
import { busSuite, chaos } from "../src/index.ts";
import { changed, failedBus, failedIn, opened } from "./broken-tier.ts";

const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a memory tier", () => {
  for (const { title, run } of busSuite(() => opened((tier) => tier))) test(title, run);
});

describe("a chaos tier", () => {
  for (const { title, run } of busSuite(() => opened(chaos))) test(title, run);
});

/** A bus that listens with another listener than it was given. */
function hearing(sound: Bus, change: (listener: BusListener) => Partial<BusListener>): Partial<Bus> {
  return {
    listen(channel, listener) {
      const plain: BusListener = {
        message: (text) => listener.message(text),
        echo: (nonce) => listener.echo(nonce),
        gap: () => listener.gap(),
      };
      sound.listen(channel, { ...plain, ...change(plain) });
    },
  };
}

/** A listener that hears of messages a turn later than of everything else. */
function delayed(listener: BusListener): BusListener {
  return {
    message: (text) => void later().then(() => listener.message(text)),
    echo: (nonce) => listener.echo(nonce),
    gap: () => listener.gap(),
  };
}

test("a sound bus fails no case", async () => {
  expect(await failedBus(() => ({}))).toEqual([]);
});

test("a tier without a bus fails every case", async () => {
  const suite = busSuite(() => opened((tier) => changed(tier, { bus: undefined })));
  expect(await failedIn(suite)).toEqual(suite.map(({ title }) => title));
});

test("a bus that is not proved with a second process is not proved", async () => {
  const suite = busSuite(() => {
    const { another: _, ...alone } = opened((tier) => tier);
    return alone;
  });
  expect(await failedIn(suite)).toContain("a message is heard by all who listen, its sender included");
});

describe("a bus", () => {
  test("without a gap at first is found out", async () => {
    const titles = await failedBus((sound) => {
      let gaps = 0;
      return hearing(sound, (to) => ({ gap: () => gaps++ > 0 && to.gap() }));
    });
    expect(titles).toContain("listening begins with a gap");
  });

  test("without a gap after a break is found out", async () => {
    const titles = await failedBus((sound) => {
      let gaps = 0;
      return hearing(sound, (to) => ({ gap: () => gaps++ === 0 && to.gap() }));
    });
    expect(titles).toEqual(["listening goes on when the connection breaks, behind a gap"]);
  });

  test("that listens no longer after a break is found out", async () => {
    const titles = await failedBus((sound) => {
      let gaps = 0;
      return hearing(sound, (to) => ({
        gap: () => {
          gaps++;
          to.gap();
        },
        message: (text) => gaps < 2 && to.message(text),
      }));
    });
    expect(titles).toEqual(["listening goes on when the connection breaks, behind a gap"]);
  });

  test("that filters its own messages is found out", async () => {
    const titles = await failedBus((sound) => {
      const own = new Set<string>();
      return {
        ...hearing(sound, (to) => ({ message: (text) => own.has(text) || to.message(text) })),
        publish(text) {
          own.add(text);
          return sound.publish(text);
        },
      };
    });
    expect(titles).toContain("a message is heard by all who listen, its sender included");
  });

  test("that tells its sender alone is found out", async () => {
    const titles = await failedBus((sound) => {
      let own: BusListener | undefined;
      return {
        listen(channel, listener) {
          own = listener;
          sound.listen(channel, listener);
        },
        publish: async (text) => own?.message(text),
      };
    });
    expect(titles).toContain("a message is heard by all who listen, its sender included");
  });

  test("that knows no channels is found out", async () => {
    const titles = await failedBus((sound) => ({ listen: (_, listener) => sound.listen("all", listener) }));
    expect(titles).toContain("who listens on another channel does not hear it");
  });

  test("that trims its texts is found out", async () => {
    const titles = await failedBus((sound) => ({ publish: (text) => sound.publish(text.trim()) }));
    expect(titles).toEqual(["every text is heard as it was published"]);
  });

  test("that takes a message for an echo is found out", async () => {
    const titles = await failedBus((sound) =>
      hearing(sound, (to) => ({
        message: (text) => (text.startsWith("echo:") ? to.echo(text.slice(5)) : to.message(text)),
      })),
    );
    expect(titles).toEqual(["every text is heard as it was published"]);
  });

  test("that brings a message twice is found out", async () => {
    const titles = await failedBus((sound) =>
      hearing(sound, (to) => ({
        message: (text) => {
          to.message(text);
          if (text === "message 7") to.message(text);
        },
      })),
    );
    expect(titles).toEqual(["of many messages each is heard once"]);
  });

  test("that goes on after closing is found out", async () => {
    const titles = await failedBus(() => ({ close: async () => {} }));
    expect(titles).toContain("nothing is heard after closing, and others hear on");
  });

  test("that cannot be closed twice, or before it has listened, is found out", async () => {
    const titles = await failedBus((sound) => {
      let listens = false;
      return {
        listen(channel, listener) {
          listens = true;
          sound.listen(channel, listener);
        },
        async close() {
          if (!listens) throw new Error("closed");
          listens = false;
          await sound.close();
        },
      };
    });
    expect(titles).toContain("closing twice is closing once, and what never listened may be closed");
  });
});

describe("an echo", () => {
  test("that overtakes messages is found out", async () => {
    const titles = await failedBus((sound) => ({
      listen: (channel, listener) => sound.listen(channel, delayed(listener)),
    }));
    expect(titles).toContain("an echo comes behind everything that was announced before, by whomever");
  });

  test("that never leaves the process is found out", async () => {
    const titles = await failedBus((sound) => {
      let own: BusListener | undefined;
      return {
        listen(channel, listener) {
          own = listener;
          sound.listen(channel, delayed(listener));
        },
        echo: async (nonce) => own?.echo(nonce),
      };
    });
    expect(titles).toContain("an echo comes behind everything that was announced before, by whomever");
  });

  test("that everybody hears is found out", async () => {
    const titles = await failedBus((sound) => ({
      ...hearing(sound, (to) => ({
        message: (text) => (text.startsWith("!") ? to.echo(text.slice(1)) : to.message(text)),
      })),
      echo: (nonce) => sound.publish(`!${nonce}`),
    }));
    expect(titles).toContain("an echo comes back to who has sent it, and to nobody else");
  });

  test("that does not come back is found out", async () => {
    const titles = await failedBus(() => ({ echo: async () => {} }));
    expect(titles).toContain("echoes come back as they were sent");
  });
});
