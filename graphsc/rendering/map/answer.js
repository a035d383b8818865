const LISTS = ["risk", "broken", "overdue", "outside"];
// The answer before any question: who is at risk, what is broken, what is overdue, and what weighs most.
const worstFindings = () => data.findings.map((_, place) => place).filter((place) => data.findings[place].severity === 0 && counts(place) && there("findings", place));

// What is wrong with a thing or beneath it: each finding with the edge of its chain that leads there (-1: the thing itself).
function standing(node, chain) {
  const came = chain ?? walk(node, true), findings = new Map(findingsAt(node).map((place) => [place, -1]));
  for (const edge of came.keys()) {
    const ofNode = findingsAt(edges.target[edge]).filter((place) => !onLinks.has(place));
    for (const place of [...ofNode, ...(edges.findings[edge] ?? [])]) if (!findings.has(place)) findings.set(place, edge);
  }
  for (const place of findings.keys()) if (!counts(place) || !there("findings", place)) findings.delete(place);
  return { came, findings };
}

// The society-critical functions, or where none is recorded the society-critical systems, the worst off first.
let standings = { date: null, all: [] };
function critical() {
  if (standings.date === chosenKey()) return standings.all;
  const sought = nodes.kind.includes(KIND.function) ? (node) => nodes.kind[node] === KIND.function : (node) => nodes.kind[node] === KIND.system && nodes.level[node] === 3;
  const all = [];
  for (let node = 0; node < nodeCount; node++) {
    if (!sought(node) || !there("nodes", node)) continue;
    const { came, findings } = standing(node);
    const wrong = [...findings.keys()].filter((place) => data.findings[place].severity === 0).sort((one, other) => one - other);
    const amount = new Set([...came.keys()].map((edge) => edges.target[edge])).size;
    all.push({ node, wrong, amount, path: wrong.length ? wayTo(node, came, findings.get(wrong[0])) : [] });
  }
  all.sort((one, other) => other.wrong.length - one.wrong.length || other.amount - one.amount || one.node - other.node);
  standings = { date: chosenKey(), all };
  return all;
}
const chosenKey = () => (data.dates.dates ? chosenDate() : 0);

function wayTo(node, came, edge) {
  const path = [];
  for (let step = edge; step >= 0; step = came.get(step)) path.push(edges.target[step], edges.source[step]);
  return [node, ...path.reverse().filter((one, place, all) => one !== node && all.indexOf(one) === place)];
}

const atRisk = () => critical().filter((one) => one.wrong.length);
const overdue = () => data.duties.rows.map((_, place) => place).filter((place) => !data.duties.rows[place][0]);
const heaviest = () => Object.keys(data.figures.stops).map(Number).filter((node) => nodes.kind[node] === KIND.supplier)
  .sort((one, other) => data.figures.stops[other][1] - data.figures.stops[one][1] || one - other)[0];

// The bar of the first view: four figures, each a way into the map.
function fillAnswer() {
  const box = byId("answer");
  const first = !state.focus.length && !state.way.length && !state.record && !state.everything && state.link < 0 && state.lens === "chain" && !filtering();
  box.hidden = !first;
  if (!first) return;
  const all = critical(), wrong = atRisk(), broken = worstFindings();
  // A nought is no comfort where it rests on less than everything, or on nothing: it is then no colour's.
  const bad = (amount, partly) => amount > 0 || (partly || !data.judged || data.unjudged || data.partial ? null : false);
  const ofWhat = (label, amount, some) => (amount || some ? label : `${label} – ${word("nothingToCheck")}`);
  const tile = (list, figure, label, bad, act) => el("li", {}, el(act ? "button" : "div", { type: act ? "button" : undefined, class: `tile${bad === null ? " neutral" : bad ? " bad" : ""}${figure.length > 12 ? " wide" : ""}`, "aria-pressed": act && list ? String(state.list === list) : undefined, onclick: act },
    el("strong", {}, named(figure)), " ", el("span", {}, label)));
  const tiles = [];
  if (all.length) tiles.push(tile("risk", word("outOf").replace("{0}", number(wrong.length)).replace("{1}", number(all.length)), word(nodes.kind[all[0].node] === KIND.function ? "functionsAtRisk" : "systemsAtRisk"), bad(wrong.length, all.some(({ amount }) => !amount)), wrong.length > 0 && (() => showList("risk"))));
  tiles.push(tile("broken", number(broken.length), ofWhat(word(broken.length === 1 ? "broken1" : "broken"), broken.length, data.judged), bad(broken.length), broken.length > 0 && (() => showList("broken"))));
  if (today()) {
    if (data.unjudged) tiles.push(tile("", number(data.unjudged), word(data.unjudged === 1 ? "unjudged1" : "unjudged"), null, false));
    tiles.push(tile("overdue", number(overdue().length), ofWhat(word(overdue().length === 1 ? "overdue1" : "overdueDuties"), overdue().length, data.duties.rows.length), bad(overdue().length, !data.duties.rows.length), overdue().length > 0 && (() => showList("overdue"))));
    const node = heaviest();
    if (!data.figures.recorded) tiles.push(tile("", word("unknownAlone"), word("stopsUnknown"), null, false));
    else if (node === undefined) tiles.push(tile("", word("nobodyAlone"), word("stopsNothingAlone"), bad(0, !nodes.kind.includes(KIND.supplier)), false));
    else tiles.push(tile("", nameOf(node), word(stopsOf(node) === 1 ? "weighsMost1" : "weighsMost").replace("{0}", number(stopsOf(node))), true, () => {
      change({ focus: [node], selected: node, finding: -1, list: "", record: null, lens: "risk", lost: new Set([dependencyOf.get(node)]) });
      fitView();
      byId("panel").focus();
    }));
    if (data.records.outside) {
      const amount = outside().size, unclear = !amount && (silent() || data.records.abroad.length);
      tiles.push(tile("outside", unclear ? word("unknownAlone") : number(amount), word(unclear ? "outsideUnknown" : amount === 1 ? "outside1" : "outside"), null, () => showList("outside")));
    }
  }
  if (data.dates.dates) tiles.push(tile("", number(changedCount()), word(changedCount() === 1 ? "changes1" : "changes").replace("{0}", dateOf(data.dates.dates[earlierDate()])), null, () => {
    change({ lens: "time", list: "", selected: -1 });
    fitView();
    byId("panel").focus();
  }));
  box.replaceChildren(el("ul", {}, tiles));
}

function showList(list) {
  change({ list: state.list === list ? "" : list, record: null, selected: -1, link: -1 });
  fitView();
  byId("panel").scrollTop = 0;
  byId("panel").focus();
}

// The list behind a figure of the bar; the map shows where what is listed lies.
function listPanel() {
  const head = (key, amount) => el("h2", {}, `${word(key)} (${number(amount)})`);
  if (state.list === "outside") return outsidePanel();
  if (state.list === "risk") return [head("riskList", atRisk().length), listOf(atRisk(), criticalItem, { most: 30, className: "links" })];
  if (state.list === "overdue") return [head("overdueList", overdue().length), listOf(overdue(), dutyItem, { most: 30, className: "duties" })];
  return [head("brokenList", worstFindings().length), listOf(worstFindings(), (place) => findingItem(place, true), { most: 30, className: "findings" })];
}

function criticalItem({ node, wrong, amount, path }) {
  return el("li", {}, leadsTo(node), el("span", { class: "soft" }, ` – ${amount ? word(amount === 1 ? "restsOn1" : "restsOn").replace("{0}", number(amount)) : word("restsOnUnknown")}${wrong.length || !amount ? "" : `, ${word("noneBroken")}`}`),
    wrong.length > 0 && el("p", {}, el("span", { class: "tag breach" }, `${number(wrong.length)} ${word(wrong.length === 1 ? "broken1" : "broken")}`), " ", named(text(data.findings[wrong[0]].message))),
    path.length > 1 && el("p", { class: "path" }, ...path.flatMap((step, place) => [place ? " → " : "", named(nameOf(step))])));
}

// Where data can be reached from outside the EEA: by country, each party with the system, the agreement and the basis.
const outside = () => {
  const countries = new Map();
  for (const access of data.records.outside ?? []) {
    if (!countries.has(access[0])) countries.set(access[0], []);
    countries.get(access[0]).push(access);
  }
  return countries;
};

// How many suppliers have no country on record.
const silent = () => nodes.kind.filter((kind, node) => kind === KIND.supplier && !isBox(node) && !nodes.country[node]).length;

function outsidePanel() {
  const { abroad } = data.records;
  return [el("h2", {}, `${word("outsideList")} (${number(outside().size)})`),
    el("p", { class: "soft" }, word("outsideHint")),
    ...[...outside()].map(([country, all]) => [el("h3", {}, valueOf(country)), listOf(all, ([, party, system, agreement, basis]) => el("li", {},
      valueOf(party), " – ", valueOf(system), el("p", { class: "soft" }, valueOf(agreement), " · ", basis >= 0 ? [`${word("basis")}: `, valueOf(basis)] : word("noBasis"))), { most: 8, className: "links" })]),
    !outside().size && el("p", {}, word("nothing")),
    abroad.length > 0 && [el("p", { class: "warn" }, word("abroad")), listOf(abroad, (party) => el("li", {}, valueOf(party)), { most: 8, className: "links" })],
    silent() > 0 && el("p", { class: "warn" }, word(silent() === 1 ? "silentCountry1" : "silentCountry").replace("{0}", number(silent())))];
}

// What the list of the moment is about stands out in the map.
let listed = null;
function fillListed() {
  listed = null;
  if (state.list === "risk") {
    listed = new Set();
    for (const { node } of atRisk()) {
      listed.add(node);
      for (const edge of walk(node, true).keys()) listed.add(edges.source[edge]).add(edges.target[edge]);
    }
  } else if (state.list === "outside") listed = new Set([...[...outside().values()].flat().flatMap(([, party, system]) => [party, system]), ...data.records.abroad].map((value) => value / 3));
  else if (state.list === "broken") listed = new Set(Object.keys(nodes.findings).map(Number).filter((node) => !isBox(node) && marksOf(node).worst === 0));
  else if (state.list === "overdue") {
    listed = new Set();
    const late = new Set(overdue());
    for (const [node, those] of Object.entries(data.duties.nodes)) if (those.some((duty) => late.has(duty))) listed.add(Number(node));
    for (const [agreement, those] of Object.entries(data.duties.agreements)) {
      if (those.some((duty) => late.has(duty))) for (const edge of links.delivering(Number(agreement))) listed.add(edges.target[edge]);
    }
  }
}
const unlisted = (node) => listed !== null && !membersOf(node).some((one) => listed.has(one));
