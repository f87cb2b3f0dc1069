const svgNamespace = "http://www.w3.org/2000/svg";

/** The element of an id of the page. */
export function byId(id) {
  return document.getElementById(id);
}

/** Makes an element. Attributes that are `undefined` or `false` are left out; children are nodes or text. */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function graphic(name, attributes = {}, ...children) {
  return filled(document.createElementNS(svgNamespace, name), attributes, children);
}

/** A small coloured word. */
export function pill(tone, text) {
  return element("span", { class: `pill ${tone}` }, element("span", { class: "dot", "aria-hidden": "true" }), text);
}

/** A list of figures with their names; each is a name and a text. */
export function figures(pairs) {
  return pairs.map(([name, text]) => element("div", {}, element("dt", {}, name), element("dd", {}, text)));
}

/** Sets a text only where it has changed, so that nothing is read aloud anew. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children);
  return node;
}
