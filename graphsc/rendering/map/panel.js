// The panel: what there is to say of what is looked at.
function fillPanel() {
  const panel = byId("panel");
  const parts = LENSES[state.lens].panel?.() ?? [];
  if (state.link >= 0) parts.push(...linkPanel(state.link));
  else if (state.way.length && state.selected < 0) parts.push(...wayPanel());
  else if (state.finding >= 0 && state.selected < 0) parts.push(...findingPanel());
  else if (isBox(state.selected)) parts.push(...boxPanel(state.selected));
  else if (state.selected >= 0) parts.push(...nodePanel(state.selected));
  else if (state.record) parts.push(...recordPanel(state.record));
  else if (state.list) parts.push(...listPanel());
  else if (state.lens === "chain") parts.push(...welcome());
  const held = panel.contains(document.activeElement) && document.activeElement !== panel;
  panel.replaceChildren(...parts.flat(Infinity).filter((part) => part instanceof Node));
  if (held) panel.focus({ preventScroll: true });  // the button that was used is gone: focus stays in the panel
}

function linkPanel(edge) {
  const findings = (edges.findings[edge] ?? []).filter((place) => there("findings", place));
  const difference = state.lens === "time" && changeOf("edges", edge);
  return [heading(2, "theLink"), el("ul", { class: "links" }, linkItem(edge)),
    difference && el("p", {}, el("strong", {}, word(difference)), twinOf(edge) >= 0 && `: ${saysOf(twinOf(edge))} → ${saysOf(edge)}`),
    findings.length > 0 ? [heading(3, "findings", findings.length), el("ul", { class: "findings" }, findings.map((place, at) => findingItem(place, false, at === 0)))]
      : el("p", { class: "soft" }, word("noFindingsOnLink"))];
}

function findingPanel() {
  return [heading(2, "findings"), el("ul", { class: "findings" }, findingItem(state.finding)),
    el("ul", {}, nodesOf(state.finding).map((node) => el("li", {}, leadsTo(node))))];
}

function welcome() {
  const all = critical(), weight = findingWeights();
  const worst = data.findings.map((_, place) => place).filter((place) => counts(place) && there("findings", place));
  worst.sort((one, other) => data.findings[one].severity - data.findings[other].severity || weight[other] - weight[one] || one - other);
  return [
    all.length > 0 && [heading(2, nodes.kind[all[0].node] === KIND.function ? "critical" : "criticalSystems", all.length), listOf(all, criticalItem, { most: 6, className: "links" })],
    heading(2, "worst", worst.length),
    worst.length === 0 ? el("p", {}, word("noFindingsAtAll")) : listOf(worst, (place) => findingItem(place, true), { most: 8, className: "findings" }),
    data.unplaced.length > 0 && [heading(3, "elsewhere", data.unplaced.length), listOf(data.unplaced, (place) => findingItem(place), { most: 5, className: "findings" })],
    el("p", { class: "soft" }, word("welcome"), " ", word(large ? "restLarge" : "rest")),
  ];
}

// How critical the most critical thing is that each finding is shown at.
function findingWeights() {
  const weight = data.findings.map(() => -1);
  for (const [node, those] of Object.entries(nodes.findings)) {
    for (const finding of those) weight[finding] = Math.max(weight[finding], nodes.level[node]);
  }
  return weight;
}

const stopsOf = (node) => (data.figures.stops[node] ?? [0, 0])[0];

function nodePanel(node) {
  const chain = walk(node, true), over = walk(node, false);
  const down = [...paths(node, true)], up = [...paths(node, false)];
  return [
    el("h2", { id: "panel-title", tabindex: "-1" }, named(nameOf(node))),
    factsOf(node),
    actionsOf(node),
    findingsPart(node),
    beneathPart(node, chain),
    today() && dutiesPart(node, [...chain.keys(), ...over.keys()]),
    today() && figuresPart(node),
    down.length > 0 && suppliersPart(node, down),
    up.length > 0 && [heading(3, "usedBy", up.length), listOf(up, pathItem, { most: 8 })],
    agreementsPart(node),
    heldPart(3 * node),
    linksPart(node, chain),
  ];
}

function factsOf(node) {
  const facts = el("dl", { class: "facts" });
  const fact = (key, content) => content && facts.append(el("dt", {}, word(key)), el("dd", {}, content));
  fact("kind", kindOf(node));
  if (nodes.kind[node] === KIND.supplier) fact("tier", String(nodes.lane[node] - 3));
  if (nodes.kind[node] === KIND.system) fact("criticality", named(text(nodes.criticality[node]) || word("unknown")));
  else if (nodes.kind[node] === KIND.supplier && levelOf(node)) fact("restsOnIt", levelOf(node));
  fact("cvr", nodes.cvr[node] && named(nodes.cvr[node]));
  fact("country", nodes.country[node] && named(countryName(nodes.country[node])));
  if (nodes.owner[node] !== undefined) fact("owner", leadsTo(nodes.owner[node]));
  for (const [kind, label, members] of data.outlines) if (members.includes(node)) fact(kind, named(text(label)));
  return facts;
}

function actionsOf(node) {
  const dependency = dependencyOf.get(node);
  const lost = state.lost.has(dependency);
  const alone = state.focus.length === 1 && state.focus[0] === node;
  return el("p", { class: "actions" },
    !alone && el("button", { type: "button", class: "main", onclick: () => focusOn([node]) }, word("focus")),
    el("button", { type: "button", "aria-pressed": String(state.from === node), onclick: () => startWay(state.from === node ? -1 : node) }, word("wayTo")),
    dependency !== undefined && nodes.kind[node] === KIND.supplier && el("button", { type: "button", "aria-pressed": String(lost), onclick: () => toggleLost(dependency) }, word(lost ? "withAgain" : "without")));
}

function findingsPart(node) {
  const mine = findingsAt(node).filter((place) => there("findings", place));
  if (!mine.length) return [heading(3, "findings", 0), el("p", { class: "soft" }, word("noFindings"))];
  return [heading(3, "findings", mine.length), el("ul", { class: "findings" }, mine.map((place) => findingItem(place)))];
}

// Findings on what the thing rests on: nothing is wrong with a function itself, and all may be wrong beneath it. A finding
// on an agreement belongs to the links of that agreement, not to other chains of those who deliver on it.
const onLinks = new Set(Object.values(edges.findings).flat());
function beneathPart(node, chain) {
  const mine = new Set(findingsAt(node));
  const all = [...standing(node, chain).findings.keys()].filter((place) => !mine.has(place)).sort((one, other) => one - other);
  return all.length > 0 && [heading(3, "beneath", all.length), listOf(all, (place) => findingItem(place, true), { most: 4, className: "findings" })];
}

// Duties about the thing itself, and about the agreements that it delivers on or is served by.
function dutiesPart(node, reached) {
  const owed = new Set(data.duties.nodes[node] ?? []);
  for (const edge of reached) {
    const touches = edges.source[edge] === node || edges.target[edge] === node;
    if (touches) for (const duty of data.duties.agreements[edges.agreement[edge]] ?? []) owed.add(duty);
  }
  const all = [...owed].sort((one, other) => one - other);
  if (!all.length) return [heading(3, "duties", 0), el("p", { class: "soft" }, word("noDuties"))];
  return [heading(3, "duties", all.length), listOf(all, dutyItem, { most: 6, className: "duties" })];
}

function figuresPart(node) {
  const parts = [];
  const shares = data.figures.shares[node];
  const strength = data.figures.strength[node];
  const stops = data.figures.stops[node];
  if (nodes.kind[node] !== KIND.supplier) return weakestPart(node);
  parts.push(el("h3", {}, word("risk")));
  if (stops) {
    const down = failed(data.dependencies.needs, [dependencyOf.get(node)]);
    const hit = data.dependencies.critical.filter((dependency) => down.has(dependency)).map((dependency) => data.dependencies.node[dependency]).filter((one) => one >= 0);
    parts.push(el("p", {}, `${word("stopsAlone")}:`), ...listOf(hit, (one) => el("li", {}, leadsTo(one), el("span", { class: "soft" }, ` – ${kindOf(one)}`)), { most: 6 }));
  } else parts.push(el("p", { class: "soft" }, word("stopsNothing")));
  if (strength !== undefined) parts.push(el("p", {}, `${word("strength")}: ${number(strength / 10)}`));
  if (shares) {
    const table = el("table", { class: "shares" }, el("thead", {}, el("tr", {}, ["shareOf", "near", "end", "reach"].map((key) => el("th", { scope: "col" }, word(key))))));
    const body = el("tbody", {});
    for (let at = 0; at < shares.length; at += 4) body.append(el("tr", {}, el("th", { scope: "row" }, word(`base${shares[at]}`)), shares.slice(at + 1, at + 4).map((value) => el("td", {}, percent(value)))));
    table.append(body);
    parts.push(el("h4", {}, word("concentration")), el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": word("concentration") }, table));
  }
  return parts;
}

function strengthOf(strength) {
  return strength === null ? word("notShown") : number(strength / 10);
}

function weakestPart(node) {
  const chains = data.weakest.filter((entry) => entry[0] === node);
  return chains.map(([, strength, weak]) => [el("h3", {}, word("risk")), el("p", {}, `${word("strength")}: ${strengthOf(strength)} – ${word("weakIs")}: `, named(text(weak)))]);
}

function suppliersPart(node, down) {
  const near = down.filter(([other, path]) => nodes.kind[other] === KIND.supplier && path.slice(1, -1).every((step) => nodes.kind[step] !== KIND.supplier));
  const known = new Set(near.map(([other]) => other));
  const deep = down.filter(([other]) => nodes.kind[other] === KIND.supplier && !known.has(other));
  const rest = down.filter(([other]) => nodes.kind[other] !== KIND.supplier);
  return [
    rest.length > 0 && [heading(3, "needs", rest.length), listOf(rest, pathItem, { most: 8 })],
    near.length > 0 && [heading(3, "direct", near.length), listOf(near, pathItem, { most: 12 })],
    deep.length > 0 && [heading(3, "deeper", deep.length), listOf(deep, pathItem, { tag: "ol", most: 12 })],
  ];
}

function linksPart(node, chain) {
  const seen = new Set();
  const shown = [...links.ends(node), ...chain.keys()].filter((edge) => {
    const key = `${edges.agreement[edge]}:${edges.parent[edge]}:${edges.target[edge]}`;
    if (edges.agreement[edge] < 0 || !needs(edge) || !there("edges", edge) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return shown.length > 0 && [heading(3, "links", shown.length), listOf(shown, linkItem, { most: 5, className: "links" })];
}
