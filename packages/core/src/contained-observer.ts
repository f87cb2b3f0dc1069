import type { Observer } from "./contracts/observer.ts";

/** An observer whose failures cannot reach a reader. */
export function contained(observer: Observer): Observer {
  let warned = false;
  return {
    on(event) {
      try {
        observer.on(event);
      } catch (error) {
        if (warned) return;
        warned = true;
        const name = error instanceof Error ? error.name : typeof error;
        process.emitWarning(`A tiercache observer threw (${name}) and is ignored where it does.`);
      }
    },
  };
}
