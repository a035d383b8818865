// Lenses: the same picture, looked at for one thing.
const passing = new Map();  // what became of the chosen requirement, by agreement
const PASSING = { set: 0, tightened: 1, exempt: 2, dropped: 3, missing: 4 };

function followRequirement() {
  passing.clear();
  if (state.requirement < 0) return;
  const flat = data.requirements[state.requirement][2];
  for (let place = 0; place < flat.length; place += 2) passing.set(flat[place], flat[place + 1]);
}

// Of each lens: what it adds to a node and to an edge, and what it says in the panel. Where it adds nothing, the picture is that of the chain.
const LENSES = {
  chain: {},
  responsibility: {
    node: (node) => state.watcher >= 0 && { dim: !watched.has(node) && node !== state.watcher },
    edge(edge) {
      const says = edges.says[edge];
      if (says < SAYS.supervises) return { dim: true };
      return { dim: state.watcher >= 0 && edges.source[edge] !== state.watcher, width: says === SAYS.supervises ? 2 : 1.2 };
    },
    panel: responsibilityPanel,
  },
  requirements: {
    node(node) {
      if (state.requirement < 0) return null;
      const became = passingAt(node);
      return { dim: became === undefined, note: became === undefined ? "" : text(data.names.passing[became]), ring: { 3: "breach", 4: "question" }[became] };
    },
    edge(edge) {
      if (state.requirement < 0) return null;
      const became = passing.get(edges.agreement[edge]);
      return { dim: became === undefined || !needs(edge), stop: became === PASSING.dropped, width: became === undefined ? undefined : 3, dash: became >= PASSING.exempt ? [2, 5] : undefined };
    },
    panel: requirementsPanel,
  },
  risk: {
    node(node) {
      const lost = state.lost.has(dependencyOf.get(node));
      const stops = nodes.kind[node] === KIND.supplier && stopsOf(node);
      return {
        down: fallen.nodes.has(node), dim: unlit(node) && !fallen.nodes.has(node), ring: lost ? "ink" : stops ? "breach" : undefined,
        note: lost ? word("lost") : stops ? `${word("stops")} ${number(stops)}` : "",
      };
    },
    panel: riskPanel,
  },
  time: {
    node(node) {
      const change = isBox(node) ? "" : changeOf("nodes", node);
      return { dim: !change, change, note: change && word(change), ring: CHANGES[change] };
    },
    edge(edge) {
      const change = changeOf("edges", edge);
      return change ? { width: 3, colour: CHANGES[change], dash: change === "went" ? [2, 5] : undefined, sign: change, style: change } : { dim: true };
    },
    panel: timePanel,
  },
};
const lenses = () => Object.keys(LENSES).filter((lens) => lens !== "time" || data.dates.dates);
const unlit = (node) => highlight.size > 0 && !highlight.has(node);

// What the lens adds to a node.
function lensMarks(node) {
  return LENSES[state.lens].node?.(node) || { dim: unlit(node) || unlisted(node), down: membersOf(node).some((one) => fallen.nodes.has(one)) };
}

// What the lens adds to an edge.
function lensEdge(edge) {
  const marks = LENSES[state.lens].edge?.(edge);
  if (marks) return marks;
  if (state.way.length) return onWay.has(edge) ? { width: 3, colour: "ink", style: "onway" } : {};
  if (highlight.size) return { dim: !(highlight.has(edges.source[edge]) && highlight.has(edges.target[edge])) };
  return {};
}

function passingAt(node) {
  let worst;
  for (const edge of links.ends(node)) {
    const became = passing.get(edges.agreement[edge]);
    if (became !== undefined && (worst === undefined || became > worst)) worst = became;
  }
  const [, root] = data.requirements[state.requirement];
  if (worst === undefined && links.starts(node).some((edge) => edges.agreement[edge] === root)) return PASSING.set;
  return worst;
}

// The chain of what is selected stands out in the view.
let highlight = new Set(), watched = new Set();
function lightUp() {
  highlight = new Set();
  known = new Map();
  watched = new Set(view.edges.filter((edge) => !needs(edge) && edges.source[edge] === state.watcher).map((edge) => edges.target[edge]));
  const middle = view.place.has(hovered) ? hovered : isBox(state.selected) ? state.selected : -1;
  if (middle >= 0) {
    for (const edge of view.edges) if (edges.source[edge] === middle || edges.target[edge] === middle) highlight.add(edges.source[edge]).add(edges.target[edge]);
    return;
  }
  if (!chosenAside()) return;
  highlight.add(state.selected);
  for (const downward of [true, false]) {
    for (const edge of walk(state.selected, downward).keys()) highlight.add(edges.source[edge]).add(edges.target[edge]);
  }
  // What has no chain in the view (an authority among suppliers) leaves the picture as it is.
  if (!view.edges.some((edge) => needs(edge) && highlight.has(edges.source[edge]) && highlight.has(edges.target[edge]))) highlight.clear();
}

function chooser(key, options, chosen, change) {
  const choice = el("select", {});
  for (const [value, label] of options) {
    const option = el("option", { value: String(value) }, label);
    option.selected = value === chosen;
    choice.append(option);
  }
  choice.addEventListener("change", () => change(Number(choice.value)));
  return el("p", {}, el("label", {}, `${word(key)} `, choice));
}

function responsibilityPanel() {
  const watches = new Map(), answered = new Map();
  for (const edge of view.edges) {
    const to = edges.says[edge] === SAYS.supervises ? watches : edges.says[edge] === SAYS.accountable ? answered : null;
    if (!to) continue;
    if (!to.has(edges.source[edge])) to.set(edges.source[edge], new Set());
    to.get(edges.source[edge]).add(edges.target[edge]);
  }
  const order = (map) => [...map].sort((one, other) => other[1].size - one[1].size || one[0] - other[0]);
  const item = ([who, those]) => el("li", {}, el("details", {}, el("summary", {}, named(nameOf(who)), ` (${number(those.size)})`),
    el("button", { type: "button", class: "small", onclick: () => change({ watcher: state.watcher === who ? -1 : who }) }, word("show"), el("span", { class: "unseen" }, ": ", named(nameOf(who)))),
    el("ul", {}, [...those].map((node) => el("li", {}, leadsTo(node))))));
  const people = [...new Set([...watches.keys(), ...answered.keys()])].sort((one, other) => nameOf(one).localeCompare(nameOf(other), language));
  return [el("h2", {}, word("responsibility")),
    chooser("show", [[-1, word("everyone")], ...people.map((node) => [node, nameOf(node)])], state.watcher, (node) => change({ watcher: node })),
    ...peoplePart(), heading(3, "supervisors", watches.size), ...listOf(order(watches), item), heading(3, "accountable", answered.size), ...listOf(order(answered), item)];
}

// Everyone who holds a role, with how much waits for them: whoever looks for what is theirs begins here.
function peoplePart() {
  const waiting = (person) => data.duties.rows.filter((row) => row[5] === person).length + data.findings.filter((finding, place) => finding.person === person && counts(place) && there("findings", place)).length;
  const all = data.records.persons.map((_, person) => [person, waiting(person)]).sort((one, other) => other[1] - one[1] || one[0] - other[0]);
  return all.length ? [heading(3, "people", all.length), ...listOf(all, ([person, amount]) => el("li", {}, leadsToRecord("person", person), el("span", { class: "soft" }, ` – ${[...new Set(data.records.held.filter((one) => one[0] === person).map((one) => text(data.records.roles[one[1]][1])))].join(", ")}${amount ? ` (${number(amount)} ${word("waits")})` : ""}`)), { most: 8 })] : [];
}

function requirementsPanel() {
  if (!data.requirements.length) return [el("h2", {}, word("requirements")), el("p", {}, word("noRequirements"))];
  const label = (place) => `${text(data.requirements[place][0])} – ${agreementOf(data.requirements[place][1])}`;
  const stopped = data.requirements.map((_, place) => place).filter((place) => data.requirements[place][2].some((value, at) => at % 2 && value === PASSING.dropped));
  const parts = [el("h2", {}, word("requirements")), el("p", {}, word("requirementHint")),
    chooser("requirement", [[-1, `– ${word("choose")} –`], ...data.requirements.map((_, place) => [place, label(place)])], state.requirement, (place) => follow(place))];
  if (state.requirement >= 0) {
    const drops = [...passing].filter(([, value]) => value === PASSING.dropped).map(([agreement]) => agreement);
    parts.push(drops.length ? [el("h3", {}, word("stopsAt")), el("ul", {}, drops.map((agreement) => el("li", {}, named(agreementOf(agreement)))))] : el("p", {}, word("wholeWay")));
    const tier = (agreement) => Math.min(...links.delivering(agreement).map((edge) => edges.tier[edge]));
    const down = [...passing].sort((one, other) => tier(one[0]) - tier(other[0]) || one[0] - other[0]);
    parts.push(el("h3", {}, word("linkByLink")), el("ul", {}, down.map(([agreement, value]) => el("li", {}, named(agreementOf(agreement)), `: ${text(data.names.passing[value])}`))));
  }
  if (stopped.length) {
    parts.push(heading(3, "allStops", stopped.length), ...listOf(stopped, (place) =>
      el("li", {}, el("button", { type: "button", class: "plain", onclick: () => follow(place) }, named(label(place))))));
  }
  return parts;
}

function riskPanel() {
  const parts = [el("h2", {}, word("whatIf")), el("p", {}, word("whatIfHint")), losePart()];
  if (state.lost.size) {
    parts.push(el("h3", {}, word("lost")), el("ul", {}, [...state.lost].map((dependency) => el("li", {}, named(dependencyName(dependency)), " ",
      el("button", { type: "button", class: "small", onclick: () => toggleLost(dependency) }, word("withAgain"), el("span", { class: "unseen" }, ": ", named(dependencyName(dependency))))))));
    const hit = [...fallen.nodes].filter((node) => !state.lost.has(dependencyOf.get(node)) && nodes.kind[node] <= KIND.system && nodes.kind[node] > KIND.authority);
    hit.sort((one, other) => nodes.kind[one] - nodes.kind[other] || nodes.level[other] - nodes.level[one] || one - other);
    parts.push(heading(3, "falls", hit.length), hit.length ? listOf(hit, (node) => el("li", {}, leadsTo(node), el("span", { class: "soft" }, ` – ${[kindOf(node), levelOf(node)].filter(Boolean).join(", ")}`, nodes.owner[node] !== undefined && [", ", named(nameOf(nodes.owner[node]))])), { most: 20 }) : el("p", {}, word("fallsNothing")),
      el("button", { type: "button", onclick: () => { state.lost.clear(); change({}); } }, word("reset")));
  }
  const single = Object.keys(data.figures.stops).map(Number).filter((node) => nodes.kind[node] === KIND.supplier);
  single.sort((one, other) => data.figures.stops[other][1] - data.figures.stops[one][1] || one - other);
  if (single.length) {
    parts.push(heading(3, "points", single.length), ...listOf(single, (node) => el("li", {}, leadsTo(node), el("span", { class: "soft" }, ` – ${word(stopsOf(node) === 1 ? "things1" : "things").replace("{0}", number(stopsOf(node)))}`)), { tag: "ol", most: 8 }));
  }
  if (data.weakest.length) {
    parts.push(heading(3, "weakest", data.weakest.length), ...listOf(data.weakest, ([target, strength, weak, path]) =>
      el("li", {}, leadsTo(target), el("p", { class: "path" }, `${word("strength")}: ${strengthOf(strength)} – ${word("weakIs")}: `, named(text(weak))),
        path.length > 1 && el("p", { class: "path" }, ...path.flatMap((step, place) => [place ? " → " : "", named(nameOf(step))]))), { most: 6 }));
  }
  return parts;
}

function losePart() {
  const grouped = { suppliers: [], groups: [], countries: [], locations: [] };
  data.dependencies.node.forEach((node, dependency) => {
    const kind = data.dependencies.kind[dependency];
    if (node >= 0 && nodes.kind[node] === KIND.supplier) grouped.suppliers.push(dependency);
    else if (kind) grouped[{ group: "groups", country: "countries", location: "locations" }[kind]].push(dependency);
  });
  const chosen = el("select", { id: "lose" });
  for (const [key, those] of Object.entries(grouped)) {
    if (!those.length) continue;
    those.sort((one, other) => dependencyName(one).localeCompare(dependencyName(other), language));
    const group = el("optgroup", { label: word(key) });
    for (const dependency of those) group.append(el("option", { value: String(dependency) }, dependencyName(dependency)));
    chosen.append(group);
  }
  return el("p", {}, el("label", { for: "lose" }, word("choose")), " ", chosen, " ",
    el("button", { type: "button", class: "main", onclick: () => chosen.value && toggleLost(Number(chosen.value), true) }, word("lose")));
}
