// What the page was told: columns of numbers and a table of texts. Nothing here is markup.
const told = JSON.parse(document.getElementById("content").textContent);
const network = JSON.parse(document.getElementById("network").textContent);
const KIND = { authority: 0, function: 1, process: 2, system: 3, supplier: 4, other: 5 };
const SAYS = {
  supports: 0, depends: 1, supplies: 2, approved: 3, unapproved: 4, unrecorded: 5, supervises: 6, accountable: 7, operates: 8,
};
const SAYS_NAMES = Object.keys(SAYS);
const LENSES = ["chain", "responsibility", "requirements", "risk", "time"];
const digitsOf = (column) => Array.from(column, Number);
const nodes = Object.assign(told.nodes, { kind: digitsOf(told.nodes.kind), level: digitsOf(told.nodes.level).map((level) => level - 1) });
const edges = { ...told.edges, says: digitsOf(told.edges.says), source: network.from, target: network.to };
const nodeCount = nodes.id.length;
const edgeCount = edges.source.length;
const placeOf = new Map(nodes.id.map((id, place) => [id, place]));
const findingOf = new Map(told.findings.map((finding, place) => [finding.id, place]));
let language = told.language;

// A text of the table, in the language of the moment; a name comes from outside and is only ever shown as text.
function text(number) {
  if (number === undefined || number < 0) return "";
  return textIn(number, language === "da" ? 0 : 1);
}
// In one of the languages; what is made of other texts has the number of its form before theirs.
function textIn(number, place) {
  const found = told.texts[number];
  if (typeof found === "string") return found;
  return typeof found[0] === "string" ? found[place] : told.composed[found[0]][place].replace(/\{(\d)\}/g, (_, part) => textIn(found[1 + Number(part)], place));
}
const word = (key) => text(told.names.words[key]);
const nameOf = (node) => text(nodes.label[node]);
const countryName = (code) => text(nodes.countries[code]);
const kindOf = (node) => text(told.names.kinds[nodes.kind[node]]);
const levelOf = (node) => (nodes.level[node] < 0 ? "" : text(told.names.levels[nodes.level[node]]));
const saysOf = (edge) => text(told.names.says[edges.says[edge]]);
const agreementOf = (agreement) => (agreement < 0 ? "" : text(told.agreements[agreement][1]));
const laneName = (lane) => text(nodes.lanes[String(lane)] ?? nodes.lanes[String(told.drawing.outside)]);
const needs = (edge) => edges.says[edge] < SAYS.supervises;
const counts = (finding) => !told.findings[finding].waived;
const findingsAt = (node) => nodes.findings[node] ?? [];
const droppedAt = (edge) => edges.dropped[edge] ?? [];

// The gravest severity among findings that count; -1 for none.
function worstOf(findings) {
  let worst = -1;
  for (const finding of findings) {
    const severity = told.findings[finding].severity;
    if (counts(finding) && (worst < 0 || severity < worst)) worst = severity;
  }
  return worst;
}
