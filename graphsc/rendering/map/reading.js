// The data of the page: columns of numbers and a table of texts. Nothing here is markup.
const data = JSON.parse(document.getElementById("content").textContent);
const network = JSON.parse(document.getElementById("network").textContent);
const KIND = { authority: 0, function: 1, process: 2, system: 3, supplier: 4, other: 5 };
const SAYS = {
  supports: 0, depends: 1, supplies: 2, approved: 3, unapproved: 4, unrecorded: 5, supervises: 6, accountable: 7, operates: 8,
};
const SAYS_NAMES = Object.keys(SAYS);
const digitsOf = (column) => Array.from(column, Number);
const nodes = Object.assign(data.nodes, { kind: digitsOf(data.nodes.kind), level: digitsOf(data.nodes.level).map((level) => level - 1) });
const edges = { ...data.edges, says: digitsOf(data.edges.says), source: network.from, target: network.to };
const nodeCount = nodes.id.length;
const edgeCount = edges.source.length;
const placeOf = new Map(nodes.id.map((id, place) => [id, place]));
const findingOf = new Map(data.findings.map((finding, place) => [finding.id, place]));
let language = data.language;

// A text of the table, in the language of the moment; a name comes from outside and is only ever shown as text.
function text(number) {
  if (number === undefined || number < 0) return "";
  return textIn(number, language === "da" ? 0 : 1);
}
// In one of the languages; what is made of other texts has the number of its form before theirs.
function textIn(number, place) {
  const entry = data.texts[number];
  if (typeof entry === "string") return entry;
  return typeof entry[0] === "string" ? entry[place] : data.composed[entry[0]][place].replace(/\{(\d)\}/g, (_, part) => textIn(entry[1 + Number(part)], place));
}
const word = (key) => text(data.names.words[key]);
const nameOf = (node) => text(nodes.label[node]);
const countryName = (code) => text(nodes.countries[code]);
const kindOf = (node) => text(data.names.kinds[nodes.kind[node]]);
const levelOf = (node) => (nodes.level[node] < 0 ? "" : text(data.names.levels[nodes.level[node]]));
const saysOf = (edge) => text(data.names.says[edges.says[edge]]);
const agreementOf = (agreement) => (agreement < 0 ? "" : text(data.agreements[agreement][1]));
const laneName = (lane) => text(nodes.lanes[String(lane)] ?? nodes.lanes[String(data.drawing.outside)]);
const needs = (edge) => edges.says[edge] < SAYS.supervises;
const counts = (finding) => !data.findings[finding].waived;
const findingsAt = (node) => nodes.findings[node] ?? [];
const droppedAt = (edge) => edges.dropped[edge] ?? [];

// The gravest severity among findings that count; -1 for none.
function worstOf(findings) {
  let worst = -1;
  for (const finding of findings) {
    const severity = data.findings[finding].severity;
    if (counts(finding) && (worst < 0 || severity < worst)) worst = severity;
  }
  return worst;
}
