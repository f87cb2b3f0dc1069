/**
 * Sets this process's wall clock apart from those of the others: nothing may depend on it.
 *
 * @param shiftMs - Asked each time, so that the clock may also be set while it is running.
 */
export function shiftDate(shiftMs: () => number): void {
  const Real = globalThis.Date;
  globalThis.Date = class extends Real {
    constructor(...args: readonly unknown[]) {
      if (args.length === 0) super(Real.now() + shiftMs());
      else super(...(args as [number]));
    }

    static override now(): number {
      return Real.now() + shiftMs();
    }
  } as DateConstructor;
}
