// What changed between two dates: what came, what went, and what is there on both and is not the same.
const CHANGES = { came: "answer", went: "soft", changed: "watch" };  // and the colour of each
const comparedDate = () => (state.compared >= 0 && state.compared !== chosenDate() ? state.compared : chosenDate() > 0 ? chosenDate() - 1 : 1);
const earlierDate = () => Math.min(chosenDate(), comparedDate());
const laterDate = () => Math.max(chosenDate(), comparedDate());

let changesKnown = { key: "" };
function changes() {
  const earlier = earlierDate(), later = laterDate(), key = `${earlier} ${later}`;
  if (changesKnown.key === key) return changesKnown;
  const differs = (finding) => counts(finding) && thereOn("findings", finding, earlier) !== thereOn("findings", finding, later);
  const stands = (what, place, findings) => {
    const [before, after] = [thereOn(what, place, earlier), thereOn(what, place, later)];
    return before && after ? (findings.some(differs) ? "changed" : "") : after ? "came" : before ? "went" : "";
  };
  const ofNodes = new Map(), ofEdges = new Map(), twins = new Map(), gone = new Map();
  const note = (map, place, change) => change && map.set(place, change);
  for (let node = 0; node < nodeCount; node++) {
    const change = stands("nodes", node, findingsAt(node));
    note(ofNodes, node, change || (thereOn("nodes", node, later) && levelOn(node, earlier) !== levelOn(node, later) ? "changed" : ""));
  }
  for (let edge = 0; edge < edgeCount; edge++) if (needs(edge)) note(ofEdges, edge, stands("edges", edge, []));
  // A link that was approved on one date and not on the other is two edges, and one change.
  const link = (edge) => [edges.source[edge], edges.target[edge], edges.agreement[edge], edges.parent[edge]].join(" ");
  for (const [edge, change] of ofEdges) if (change === "went") gone.set(link(edge), edge);
  for (const [edge, change] of ofEdges) {
    if (change !== "came" || !gone.has(link(edge))) continue;
    twins.set(edge, gone.get(link(edge)));
    ofEdges.set(edge, "changed");
  }
  for (const before of twins.values()) ofEdges.delete(before);
  const ofFindings = data.findings.map((_, place) => place).filter(differs);
  changesKnown = { key, findings: ofFindings, nodes: ofNodes, edges: ofEdges, twins, replaced: new Set(twins.values()), differs };
  return changesKnown;
}
const changeOf = (what, place) => changes()[what].get(place) ?? "";
const twinOf = (edge) => changes().twins.get(edge) ?? -1;
const changedCount = () => [...changes().nodes.values()].filter((change) => change !== "changed").length + changes().edges.size + changes().findings.length;
function levelOn(node, date) {
  const was = data.dates.was.find(([one, then]) => one === node && then === date);
  return was ? was[2] : (nodes.criticality[node] ?? -1);
}

// The first view of what changed: whatever is not the same on all days and its neighbours, among what a small map opens on.
function withChanges() {
  const varies = (what, place) => data.dates[what][place] !== 2 ** data.dates.dates.length - 1;
  const regraded = new Set(data.dates.was.map(([node]) => node));
  const varied = new Set(), inside = new Set(large ? [] : data.opening), kept = [];
  for (let node = 0; node < nodeCount; node++) {
    if (nodes.kind[node] === KIND.other) continue;
    if (varies("nodes", node) || regraded.has(node) || findingsAt(node).some((finding) => counts(finding) && varies("findings", finding))) varied.add(node);
  }
  for (const node of varied) inside.add(node);
  for (let edge = 0; edge < edgeCount; edge++) if (needs(edge) && varies("edges", edge)) inside.add(edges.source[edge]).add(edges.target[edge]);
  if (large && (!inside.size || inside.size > 2 * data.many)) return opened();
  for (let edge = 0; edge < edgeCount; edge++) {
    if (needs(edge) && (varied.has(edges.source[edge]) || varied.has(edges.target[edge]))) inside.add(edges.source[edge]).add(edges.target[edge]);
  }
  for (let edge = 0; edge < edgeCount; edge++) if (inside.has(edges.source[edge]) && inside.has(edges.target[edge])) kept.push(edge);
  return part([...inside].sort((one, other) => one - other), kept);
}

function timePanel() {
  const { dates } = data.dates, later = laterDate(), earlier = earlierDate(), all = changes();
  const days = el("div", { role: "group", "aria-label": word("date"), class: "dates" }, dates.map((date, place) =>
    el("button", { type: "button", "aria-pressed": String(place === chosenDate()), onclick: () => change({ date: place }) }, dateOf(date))));
  const others = dates.map((date, place) => [place, dateOf(date)]).filter(([place]) => place !== chosenDate());
  const section = (which) => {
    const of = (what) => [...all[what]].filter(([, change]) => change === which).map(([place]) => place);
    const findings = which === "changed" ? [] : all.findings.filter((place) => thereOn("findings", place, later) === (which === "came"));
    const some = [[of("nodes"), changedNode], [of("edges"), changedEdge], [findings, (place) => findingItem(place, true), "findings"]].filter(([those]) => those.length);
    const amount = some.reduce((sum, [those]) => sum + those.length, 0);
    return [heading(3, `${which}Since`, amount), ...some.flatMap(([those, make, className]) => listOf(those, make, { most: 8, className }))];
  };
  return [el("h2", {}, `${word("time")}: ${dateOf(dates[earlier])} – ${dateOf(dates[later])}`), days,
    others.length > 1 && chooser("compared", others, comparedDate(), (place) => change({ compared: place })),
    ...Object.keys(CHANGES).flatMap(section)];
}

// Which findings came and went, how critical it was and is; of a link, what it was and is.
function changedNode(node) {
  const before = levelOn(node, earlierDate()), after = levelOn(node, laterDate());
  return el("li", {}, leadsTo(node), el("span", { class: "soft" }, ` – ${[kindOf(node), ...findingChanges(findingsAt(node))].join(", ")}`),
    changeOf("nodes", node) === "changed" && before !== after && el("p", {}, `${word("criticality")}: ${text(before) || word("unknown")} → ${text(after) || word("unknown")}`));
}
function changedEdge(edge) {
  const says = twinOf(edge) >= 0 ? `${saysOf(twinOf(edge))} → ${saysOf(edge)}` : saysOf(edge);
  return el("li", {}, leadsTo(edges.source[edge]), " ← ", leadsTo(edges.target[edge]), el("span", { class: "soft" }, ` – ${says}`));
}
function findingChanges(findings) {
  const { differs } = changes(), came = (finding) => thereOn("findings", finding, laterDate());
  const tell = (key, those) => (those.length ? [`${word(key)}: ${those.map((finding) => data.findings[finding].code).join(", ")}`] : []);
  const some = findings.filter(differs);
  return [...tell("newFindings", some.filter(came)), ...tell("goneFindings", some.filter((finding) => !came(finding)))];
}
