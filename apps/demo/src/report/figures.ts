/** A whole number, with its thousands apart. */
export function count(number: number): string {
  return number.toLocaleString("en-GB");
}

/** A share of 0 to 1 in per cent. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A time in ms, with as many digits as say something. */
export function millis(ms: number): string {
  return ms >= 10 ? ms.toFixed(1) : ms.toFixed(3);
}

/** Bytes in the unit that suits them, of 1,000 each. */
export function bytes(number: number): string {
  if (number < 1_000) return `${number.toFixed(0)} B`;
  if (number < 1_000_000) return `${(number / 1_000).toFixed(1)} kB`;
  return `${(number / 1_000_000).toFixed(1)} MB`;
}
