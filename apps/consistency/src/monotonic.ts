/** Milliseconds of the machine's monotonic clock: the same for all processes of one host, and set by nobody. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
