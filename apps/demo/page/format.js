const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 });

/** A count; `–` where there is none. */
export function count(number) {
  if (number === null || number === undefined) return "–";
  return Math.abs(number) < 100_000 ? whole.format(number) : short.format(number);
}

/** A rate a second. */
export function rate(number) {
  return number > 0 && number < 10 ? number.toFixed(1) : whole.format(number);
}

/** A share of 0 to 1 in per cent. */
export function percent(share) {
  if (share === null || share === undefined) return "–";
  return `${(share * 100).toFixed(1)} %`;
}

/** A time in the unit that suits it. */
export function duration(ms) {
  if (ms === null || ms === undefined) return "–";
  if (ms < 0.001) return `${(ms * 1_000_000).toFixed(0)} ns`;
  if (ms < 1) return `${(ms * 1_000).toFixed(ms < 0.01 ? 1 : 0)} µs`;
  if (ms < 1_000) return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

/** US dollars. */
export function dollars(usd) {
  return `$${usd.toFixed(usd < 10 ? 4 : 2)}`;
}

/** The time of day. */
export function clock(epochMs) {
  return new Date(epochMs).toLocaleTimeString("en-GB");
}
