import { byId, element, figures, setText } from "./dom.js";
import { count, duration, percent } from "./format.js";

/** Kept for as long as the page is open, and nowhere else. */
let token = "";

/** What the forms of this part do. */
export function wireManagement() {
  byId("login").addEventListener("submit", (event) => {
    event.preventDefault();
    token = byId("token").value;
    void signIn();
  });
  byId("sign-out").addEventListener("click", () => signOut("Signed out."));
  byId("clear").addEventListener("submit", (event) => {
    event.preventDefault();
    void clearNamespace(byId("cleared").value);
  });
}

async function signIn() {
  const [health, statistics] = await Promise.all([ask("health"), ask("statistics")]);
  if (health === undefined || statistics === undefined) return;
  byId("token").value = "";
  byId("login").hidden = true;
  byId("managed").hidden = false;
  setText(byId("login-answer"), "Signed in.");
  byId("cleared").replaceChildren(...Object.keys(statistics.namespaces).map((name) => element("option", {}, name)));
  show(health, statistics);
}

function signOut(why) {
  token = "";
  byId("login").hidden = false;
  byId("managed").hidden = true;
  setText(byId("login-answer"), why);
}

async function clearNamespace(name) {
  const answer = await ask(`namespaces/${name}/entries`, "DELETE");
  if (answer === undefined) return;
  setText(byId("login-answer"), `${name}: cleared (${answer.status}).`);
  const [health, statistics] = await Promise.all([ask("health"), ask("statistics")]);
  if (health !== undefined && statistics !== undefined) show(health, statistics);
}

function show({ status, tiers }, { forMs, namespaces, getFailures, setFailures, hotJobs = [] }) {
  const totals = Object.values(namespaces).map(({ total }) => total);
  const sum = (of) => totals.reduce((all, total) => all + total[of], 0);
  const answered = sum("hits") + sum("stale");
  const reads = answered + sum("misses") + sum("bypasses") + sum("errors");
  byId("managed-figures").replaceChildren(
    ...figures([
      ["Health", status],
      ["Round trip", tiers.map(({ roundTripMs }) => duration(roundTripMs)).join(", ") || "–"],
      ["Counted for", duration(forMs)],
      ["Reads", count(reads)],
      ["Hit rate", reads === 0 ? "–" : percent(answered / reads)],
      ["Failed gets, sets", `${count(getFailures)}, ${count(setFailures)}`],
      [
        "Hottest jobs",
        hotJobs
          .slice(0, 5)
          .map(({ key }) => key.join())
          .join(", ") || "–",
      ],
    ]),
  );
}

/** Asks this instance as an operator. `undefined` where it refuses, which is said. */
async function ask(path, method = "GET") {
  try {
    const response = await fetch(`/management/${path}`, { method, headers: { authorization: `Bearer ${token}` } });
    const answer = await response.json();
    if (response.ok) return answer;
    signOut(response.status === 401 ? "That is not the token." : answer.detail);
  } catch {
    setText(byId("login-answer"), "The demo does not answer.");
  }
  return undefined;
}
