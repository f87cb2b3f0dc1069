export { type Chromium, findChromium, howToGetChromium } from "./chromium.ts";
export { type FetchChromiumOptions, fetchChromium } from "./fetch-chromium.ts";
