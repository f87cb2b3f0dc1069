import { byId } from "./dom.js";

let hideToast;

/** Asks the demo to do something, and says so where it cannot. Resolves to its answer; to `undefined` where it failed. */
export async function act(name, body = {}) {
  try {
    const response = await fetch(`/live/actions/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-tiercache-demo": "1" },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (response.ok) return answer;
    complain(answer.detail ?? `It was refused (${response.status}).`);
  } catch {
    complain("The demo does not answer.");
  }
  return undefined;
}

/** Has a button do something, and be busy meanwhile. */
export function onPress(button, work) {
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
    try {
      await work();
    } finally {
      button.disabled = false;
      button.removeAttribute("aria-busy");
      // A button that is disabled loses the focus; who has pressed it by keyboard is still there.
      if (document.activeElement === document.body) button.focus();
    }
  });
}

/** Says that something did not work. */
export function complain(text) {
  const toast = byId("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(hideToast);
  hideToast = setTimeout(() => {
    toast.hidden = true;
  }, 6_000);
}
