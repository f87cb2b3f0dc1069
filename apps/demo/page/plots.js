import { element, graphic } from "./dom.js";
import { rate } from "./format.js";

const width = 600;
const height = 120;
const parts = ["local", "remote", "loaded"];

/** Reads a second as stacked areas, oldest left. Its numbers are in its name for those who do not see it. */
export function stackedAreas(samples) {
  const totals = samples.map((sample) => parts.reduce((sum, part) => sum + sample[part], 0));
  const most = niceCeiling(Math.max(1, ...totals));
  const x = (index) => (samples.length < 2 ? width : (index / (samples.length - 1)) * width);
  const y = (value) => height - (value / most) * height;
  const base = samples.map(() => 0);
  const areas = parts.map((part) => {
    const lower = samples.map((_, index) => `${x(index)},${y(base[index])}`).toReversed();
    for (const [index, sample] of samples.entries()) base[index] += sample[part];
    const upper = samples.map((_, index) => `${x(index)},${y(base[index])}`);
    return graphic("polygon", { class: part, points: [...upper, ...lower].join(" ") });
  });
  const last = samples.at(-1) ?? { local: 0, remote: 0, loaded: 0 };
  const spoken = `Now ${rate(last.local)} a second local, ${rate(last.remote)} from Redis, ${rate(last.loaded)} from the origins.`;
  const plot = graphic(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: "none",
      height: "120",
      role: "img",
      "aria-label": spoken,
    },
    graphic("line", { class: "grid", x1: 0, x2: width, y1: 0.5, y2: 0.5 }),
    graphic("line", { class: "grid", x1: 0, x2: width, y1: height / 2, y2: height / 2 }),
    ...areas,
    graphic("line", { class: "grid", x1: 0, x2: width, y1: height - 0.5, y2: height - 0.5 }),
  );
  const axis = element("div", { class: "axis quiet", "aria-hidden": "true" }, `${rate(most)} / s`);
  return [axis, plot];
}

/** A line without axes, for a tendency. */
export function sparkline(values) {
  const most = Math.max(1, ...values);
  const points = values.map((value, index) => {
    const x = values.length < 2 ? 100 : (index / (values.length - 1)) * 100;
    return `${x.toFixed(1)} ${(30 - (value / most) * 28).toFixed(1)}`;
  });
  const path = points.length === 0 ? "M0 30" : `M${points.join("L")}`;
  return graphic(
    "svg",
    { class: "spark", viewBox: "0 0 100 32", preserveAspectRatio: "none", "aria-hidden": "true" },
    graphic("path", { d: path }),
  );
}

/** Shares of the reads as a bar, with a mark where the target is. */
export function shareBar({ local, remote, target, name }) {
  const mark =
    target === null ? [] : [graphic("line", { class: "target", x1: target * 100, x2: target * 100, y1: 0, y2: 14 })];
  return graphic(
    "svg",
    { viewBox: "0 0 100 14", preserveAspectRatio: "none", height: "14", role: "img", "aria-label": name },
    graphic("rect", { class: "track", x: 0, y: 3, width: 100, height: 8, rx: 1 }),
    graphic("rect", { class: "local", x: 0, y: 3, width: local * 100, height: 8 }),
    graphic("rect", { class: "remote", x: local * 100, y: 3, width: remote * 100, height: 8 }),
    ...mark,
  );
}

function niceCeiling(number) {
  const step = 10 ** Math.floor(Math.log10(number));
  return [1, 2, 5, 10].map((factor) => factor * step).find((nice) => nice >= number) ?? number;
}
