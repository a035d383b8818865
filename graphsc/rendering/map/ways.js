// A way from one thing to another, and how far around the chosen ones a chain is shown.
function startWay(node) {
  change({ from: node });
  search.placeholder = word(node < 0 ? "searchHint" : "wayHint");
  search.value = "";
  if (node < 0) return;
  search.focus();
  say(`${word("wayFrom")} ${nameOf(node)}. ${word("wayHint")}`);
}

function showWay(from, to) {
  unfilter([from, to]);
  search.placeholder = word("searchHint");
  change({ way: [from, to], from: -1, focus: [], finding: -1, everything: false, list: "", record: null, selected: -1, lens: "chain" });
  fitView();
  byId("panel").scrollTop = 0;
  byId("panel").focus();
}

// All links on the ways down from one to the other, whichever rests on the other; where neither does, the shortest
// connection between them. The steps are those of a shortest way.
let onWay = new Set();
function way(from, to) {
  for (const [upper, lower] of [[from, to], [to, from]]) {
    const down = walk(upper, true), up = walk(lower, false);
    const kept = new Set([...down.keys()].filter((edge) => up.has(edge)));
    for (const edge of down.keys()) {  // who answers for a system is over it, though no link leads up to them
      if (edges.says[edge] === SAYS.accountable && edges.source[edge] === upper && (edges.target[edge] === lower || links.starts(edges.target[edge]).some((next) => kept.has(next)))) kept.add(edge);
    }
    const steps = paths(upper, true).get(lower);
    if (steps && kept.size) return { upper, lower, steps, edges: [...kept] };
  }
  return { steps: connection(from, to), edges: [] };
}

// A shortest connection along links in any direction; nothing where there is none.
function connection(from, to) {
  const beside = new Map(), came = new Map([[from, -1]]);
  const join = (one, other) => (beside.has(one) ? beside.get(one).push(other) : beside.set(one, [other]));
  for (let edge = 0; edge < edgeCount; edge++) {
    if (!there("edges", edge) || !(needs(edge) || edges.says[edge] === SAYS.accountable)) continue;
    join(edges.source[edge], edges.target[edge]);
    join(edges.target[edge], edges.source[edge]);
  }
  for (const node of came.keys()) for (const next of beside.get(node) ?? []) if (!came.has(next)) came.set(next, node);
  if (!came.has(to)) return [];
  const steps = [];
  for (let step = to; step >= 0; step = came.get(step)) steps.push(step);
  return steps.reverse();
}

function wayBetween(from, to) {
  const route = way(from, to);
  const inside = new Set([from, to, ...route.steps]);
  for (const edge of route.edges) inside.add(edges.source[edge]).add(edges.target[edge]);
  const step = new Set(route.steps.slice(1).flatMap((node, place) => [`${route.steps[place]} ${node}`, `${node} ${route.steps[place]}`]));
  const between = (edge) => step.has(`${edges.source[edge]} ${edges.target[edge]}`);
  const drawn = everything().edges.filter((edge) => there("edges", edge) && (needs(edge) || edges.says[edge] === SAYS.accountable) && between(edge));
  onWay = new Set(drawn);
  return part([...inside].sort((one, other) => one - other), [...new Set([...route.edges, ...drawn])].sort((one, other) => one - other));
}

function wayPanel() {
  const [from, to] = state.way, route = way(from, to), { steps, upper, lower } = route;
  const sentence = upper !== undefined ? word("wayDown").replace("{2}", number(steps.length - 1)) : word(steps.length ? "wayAcross" : "wayNone");
  const [before, between, after] = sentence.split(/\{[01]\}/);
  const names = upper === undefined ? [from, to] : [upper, lower];
  const shown = upper === undefined && !steps.length ? [] : steps;
  return [el("h2", { id: "panel-title", tabindex: "-1" }, `${word("way")}: `, named(nameOf(from)), " → ", named(nameOf(to))),
    el("p", {}, before, named(nameOf(names[0])), between, named(nameOf(names[1])), after),
    shown.length > 0 && el("ol", {}, shown.map((node) => el("li", {}, leadsTo(node), el("span", { class: "soft" }, ` – ${kindOf(node)}`)))),
    linksOn(shown)];
}
function linksOn(steps) {
  const deliveries = view.edges.filter((edge) => onWay.has(edge) && edges.agreement[edge] >= 0);
  deliveries.sort((one, other) => steps.indexOf(edges.source[one]) - steps.indexOf(edges.source[other]));
  return steps.length > 0 && deliveries.length > 0 && [heading(3, "links", deliveries.length), listOf(deliveries, linkItem, { most: 8, className: "links" })];
}

// The part of a chain that lies so many steps around what is in focus.
let deepest = 0;
function nearby(chain) {
  const beside = new Map(), steps = new Map(state.focus.map((node) => [node, 0]));
  for (const edge of chain.edges) {
    for (const [one, other] of [[edges.source[edge], edges.target[edge]], [edges.target[edge], edges.source[edge]]]) {
      if (beside.has(one)) beside.get(one).push(other);
      else beside.set(one, [other]);
    }
  }
  for (const [node, far] of steps) for (const next of beside.get(node) ?? []) if (!steps.has(next)) steps.set(next, far + 1);
  deepest = Math.max(0, ...steps.values());
  if (!state.depth || state.depth >= deepest) return chain;
  const close = (node) => steps.get(node) <= state.depth;
  return part(chain.nodes.filter(close), chain.edges.filter((edge) => close(edges.source[edge]) && close(edges.target[edge])));
}

function fillReach() {
  const box = byId("reach"), slider = byId("depth");
  box.hidden = !state.focus.length || state.way.length > 0 || deepest < 2;
  slider.max = String(deepest);
  slider.value = String(state.depth && state.depth < deepest ? state.depth : deepest);
  slider.setAttribute("aria-valuetext", reachOf());
  byId("reached").textContent = reachOf();
}
const reachOf = () => (state.depth && state.depth < deepest ? number(state.depth) : word("wholeChain"));
byId("depth").addEventListener("input", (event) => {
  const depth = Number(event.target.value);
  change({ depth: depth >= deepest ? 0 : depth, selected: view.place.has(state.selected) ? state.selected : -1 });
  fitView();
});
