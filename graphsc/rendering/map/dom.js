// Elements from data: text goes in as text, never as markup.
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "onclick") element.addEventListener("click", value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false || child === "") continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}
const byId = (id) => document.getElementById(id);
// A name from outside, kept from turning the text around it.
const named = (content) => el("bdi", {}, content);
const heading = (level, key, amount) => el(`h${level}`, {}, amount === undefined ? word(key) : `${word(key)} (${number(amount)})`);

// A button that looks like a link and leads to a thing.
function leadsTo(node, content) {
  return el("button", { type: "button", class: "plain", onclick: () => select(node, true) }, named(content ?? nameOf(node)));
}

const SVG_SPACE = "http://www.w3.org/2000/svg";
function svgElement(tag, attributes, ...children) {
  const element = document.createElementNS(SVG_SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  for (const child of children) element.append(child);
  return element;
}

function say(message) {
  byId("live").textContent = message;
}

const number = (value, decimals) =>
  new Intl.NumberFormat(language, { minimumFractionDigits: decimals ?? 0, maximumFractionDigits: decimals ?? 0 }).format(value);
const percent = (thousandths) => `${number(thousandths / 10, thousandths % 10 ? 1 : 0)} %`;
