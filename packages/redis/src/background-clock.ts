import { type Clock, systemClock } from "@tiercache/core";

/** The process's time, with timers of a few ms to a few seconds that keep no process alive. */
export const backgroundClock: Clock = {
  now: () => systemClock.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
