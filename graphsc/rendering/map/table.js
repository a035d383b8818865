// The map as a table: all that it shows, for whoever does not look at pictures.
let tableDue = false;
const ROWS = 200;

function fillTable(force) {
  const box = byId("rows");
  const seen = box.getBoundingClientRect().top < 2 * window.innerHeight;
  if (!force && !seen) {
    tableDue = true;
    return;
  }
  tableDue = false;
  const out = new Map(), into = new Map();
  for (const edge of view.edges) {
    for (const [map, node] of [[out, edges.source[edge]], [into, edges.target[edge]]]) {
      if (!map.has(node)) map.set(node, []);
      map.get(node).push(edge);
    }
  }
  const head = el("thead", {}, el("tr", {}, ["name", "kind", "lane", "criticality", "country", "needs", "usedBy", "findings"].map((key) => el("th", { scope: "col" }, word(key)))));
  const body = el("tbody", {});
  const list = (those, far) => (those ? el("ul", {}, those.map((edge) => el("li", {}, named(nameOf(far[edge])), el("span", { class: "soft" }, ` (${saysOf(edge)}${droppedAt(edge).length ? `, ${word("stopSign")}` : ""})`)))) : "");
  const row = (node) => {
    const y = view.place.get(node)[1];
    const lane = view.lanes.find((one) => one.top <= y && y < one.bottom);
    const findings = findingsAt(node).filter((place) => counts(place) && there("findings", place));
    const marks = lensMarks(node);
    return el("tr", {},
      el("th", { scope: "row" }, leadsTo(node), marks.down && el("strong", {}, ` – ${word("downSign")}`), marks.note && el("span", { class: "soft" }, ` – ${marks.note}`)),
      el("td", {}, kindOf(node)), el("td", {}, laneName(lane.number)), el("td", {}, levelOf(node)), el("td", {}, nodes.country[node] && named(countryName(nodes.country[node]))),
      el("td", {}, list(out.get(node), edges.target)), el("td", {}, list(into.get(node), edges.source)),
      el("td", {}, findings.length > 0 && el("ul", {}, findings.map((place) => el("li", {}, `${text(data.names.severities[data.findings[place].severity])} ${data.findings[place].code}: `, named(text(data.findings[place].message)))))));
  };
  const inOrder = [...view.nodes].sort((one, other) => view.place.get(one)[1] - view.place.get(other)[1] || view.place.get(one)[0] - view.place.get(other)[0]);
  let done = 0;
  const more = el("button", { type: "button", onclick: () => add() }, "");
  const add = () => {
    inOrder.slice(done, done + ROWS).forEach((node) => body.append(row(node)));
    done = Math.min(done + ROWS, inOrder.length);
    more.textContent = `${word("more")} (${number(inOrder.length - done)})`;
    more.hidden = done === inOrder.length;
  };
  add();
  box.replaceChildren(el("table", {}, head, body), more);
}
