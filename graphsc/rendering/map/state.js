// What is looked at, and the view that follows from it. The address after # says the same, so that a view can be sent.
const noFilters = () => ({ kinds: new Set(), levels: new Set(), country: "", tier: "", outline: -1, only: false });
const initial = () => ({
  focus: [], finding: -1, everything: false, lens: "chain", requirement: -1, watcher: -1, lost: new Set(), date: -1, outlines: new Set(),
  selected: -1, link: -1, list: "", record: null, open: new Set(), filters: noFilters(), way: [], from: -1, depth: 0, compared: -1,
});
const state = initial();
let view = null;
let fallen = { dependencies: new Set(), nodes: new Set() };

// Whether a node, edge or finding was there on the chosen date; of a picture of what changed, on any of the days it is made of.
let days = [];
function there(what, place) {
  if (!data.dates.dates) return true;
  return thereOn(what, place, chosenDate()) || (what !== "findings" && days.some((day) => thereOn(what, place, day)));
}
const thereOn = (what, place, day) => (data.dates[what][place] >> day) % 2 === 1;
const chosenDate = () => (state.date < 0 ? data.dates.dates.indexOf(data.asOf) : state.date);
// Duties, supervision and measures are known of the evaluation date only.
const today = () => !data.dates.dates || data.dates.dates[chosenDate()] === data.asOf;

function passes(node) {
  if (isBox(node)) return boxOf.get(node).members.some(passes);
  const { kinds, levels, country, tier, outline, only } = state.filters;
  if (kinds.size && !kinds.has(nodes.kind[node])) return false;
  if (levels.size && !levels.has(nodes.level[node])) return false;
  if (country && nodes.country[node] !== country) return false;
  if (tier !== "" && nodes.lane[node] !== Number(tier)) return false;
  if (outline >= 0 && !data.outlines[outline][2].includes(node)) return false;
  return !only || findingsAt(node).some((finding) => counts(finding) && there("findings", finding));
}
const filtering = () => {
  const { kinds, levels, country, tier, outline, only } = state.filters;
  return kinds.size > 0 || levels.size > 0 || country !== "" || tier !== "" || outline >= 0 || only;
};

function opened() {
  if (large) return overview();
  const inside = new Set(data.opening);
  const kept = [];
  for (let edge = 0; edge < edgeCount; edge++) if (inside.has(edges.source[edge]) && inside.has(edges.target[edge])) kept.push(edge);
  return { nodes: data.opening, edges: kept };
}

function everything() {
  const all = Array.from({ length: nodeCount }, (_, node) => node);
  return { nodes: all, edges: Array.from({ length: edgeCount }, (_, edge) => edge) };
}

// The view of the moment: what is shown, where it lies, and what a line or label of it is made of. What changed is laid out
// with all days in it, so that whatever stays from one day to the next stays where it is.
function look() {
  const comparing = state.lens === "time";
  days = comparing ? [...data.dates.dates.keys()] : [];
  const whole = state.way.length ? wayBetween(...state.way) : state.focus.length ? nearby(chainOf(state.focus)) : state.everything ? everything() : comparing ? withChanges() : opened();
  const now = { ...part(whole.nodes, whole.edges.filter((edge) => there("edges", edge))), ...(whole.lanes && { lanes: whole.lanes }) };
  const inside = [], lanes = [];
  now.nodes.forEach((node, place) => {
    if (there("nodes", node) && passes(node)) {
      inside.push(node);
      lanes.push(now.lanes[place]);
    }
  });
  const laid = laidOut(inside, lanes, now.edges);
  days = comparing ? [comparedDate()] : [];
  const seen = inside.map((_, place) => place).filter((place) => there("nodes", inside[place]));
  const kept = new Set(seen.map((place) => inside[place]));
  const shown = now.edges.filter((edge) => there("edges", edge) && kept.has(edges.source[edge]) && kept.has(edges.target[edge]) &&
    (needs(edge) || state.lens === "responsibility" || state.way.length > 0) && !(comparing && changes().replaced.has(edge)));
  days = [];
  const at = (along) => seen.map((place) => along[place]);
  const amount = (lane) => seen.reduce((sum, place) => sum + (lanes[place] === lane.number ? 1 : 0), 0);
  return (view = viewOf([...kept], shown, { ...laid, x: at(laid.x), y: at(laid.y), lanes: laid.lanes.map((lane) => ({ ...lane, count: amount(lane) })) }));
}

function laidOut(inside, lanes, among) {
  if (inside.length === nodeCount && lanes.every((lane, node) => lane === nodes.lane[node])) return { ...data.layout, x: network.x, y: network.y };
  const rank = new Map(inside.map((node, place) => [node, place]));
  const ties = among.filter((edge) => needs(edge) && rank.has(edges.source[edge]) && rank.has(edges.target[edge]));
  return layOut(lanes, ties.map((edge) => [rank.get(edges.source[edge]), rank.get(edges.target[edge])]), data.drawing.spacing);
}

function viewOf(inside, shown, laid) {
  const place = new Map(inside.map((node, number) => [node, [laid.x[number], laid.y[number]]]));
  const lines = new Map(), labels = new Map();
  let rows = rowsOf(place.values());
  const odd = new Map();
  laid.lanes.forEach((lane, number) => odd.set(lane.top, number % 2 === 0));
  const drawn = {
    nodes: inside, edges: shown, place, lanes: laid.lanes, width: laid.width, narrow: laid.width, height: laid.height, left: 0, right: laid.width,
    lines: (node) => {
      if (!labels.has(node)) labels.set(node, wrapped(nameOf(node)));
      return labels.get(node);
    },
    line: (edge) => {
      if (!lines.has(edge)) {
        const [source, target] = [edges.source[edge], edges.target[edge]];
        const label = drawn.lines(source).length + (lensMarks(source).note ? 1 : 0);
        lines.set(edge, lineBetween(rows, place.get(source), place.get(target), label));
      }
      return lines.get(edge);
    },
    odd: (y) => laid.lanes.findIndex((lane) => lane.top <= y && y < lane.bottom) % 2 === 0,
    outlines: [],
    // Put everything so many times as far apart, across, as the layout has it.
    widen: (factor) => {
      const width = Math.round(laid.width * factor);
      if (width === drawn.width) return;
      inside.forEach((node, number) => (place.get(node)[0] = Math.round(laid.x[number] * factor)));
      drawn.width = width;
      rows = rowsOf(place.values());
      drawn.names = undefined;
      lines.clear();
    },
  };
  for (const number of [...state.outlines].sort((one, other) => one - other)) {
    const [kind, label, members] = data.outlines[number];
    const places = members.filter((node) => place.has(node)).map((node) => place.get(node));
    places.sort((one, other) => one[1] - other[1] || one[0] - other[0]);
    if (places.length) drawn.outlines.push({ kind, name: text(label), places });
  }
  return drawn;
}

// What has fallen with what was taken away.
function fall() {
  const down = state.lost.size ? failed(data.dependencies.needs, state.lost) : new Set();
  const hit = new Set();
  for (const dependency of down) if (data.dependencies.node[dependency] >= 0) hit.add(data.dependencies.node[dependency]);
  fallen = { dependencies: down, nodes: hit };
}

const dependencyName = (dependency) => {
  const node = data.dependencies.node[dependency];
  return node >= 0 ? nameOf(node) : text(data.dependencies.label[dependency]);
};
const dependencyId = (dependency) => {
  const node = data.dependencies.node[dependency];
  return node >= 0 ? nodes.id[node] : `~${dependency}`;
};

// Whether something is selected that the view is not already about.
const chosenAside = () => state.selected >= 0 && !(state.focus.length === 1 && state.focus[0] === state.selected);

function address() {
  const parts = new URLSearchParams();
  if (state.finding >= 0) parts.set("finding", data.findings[state.finding].id);
  else if (state.way.length) parts.set("way", state.way.map((node) => nodes.id[node]).join(" "));
  else if (state.focus.length) parts.set("focus", state.focus.map((node) => nodes.id[node]).join(" "));
  else if (state.everything) parts.set("all", "1");
  if (state.record) parts.set("record", recordId(state.record));
  if (state.list) parts.set("list", state.list);
  if (state.open.size) parts.set("open", [...state.open].join(" "));
  if (state.lens !== "chain") parts.set("lens", state.lens);
  if (state.requirement >= 0) parts.set("requirement", String(state.requirement));
  if (state.watcher >= 0) parts.set("watcher", nodes.id[state.watcher]);
  if (state.lost.size) parts.set("lost", [...state.lost].map(dependencyId).join(" "));
  if (state.date >= 0) parts.set("date", data.dates.dates[state.date]);
  if (state.compared >= 0) parts.set("since", data.dates.dates[state.compared]);
  if (state.depth > 0 && state.focus.length) parts.set("depth", String(state.depth));
  if (state.link >= 0 && !isBox(edges.source[state.link]) && !isBox(edges.target[state.link])) parts.set("link", linkId(state.link));
  if (chosenAside() && !isBox(state.selected)) parts.set("at", nodes.id[state.selected]);
  if (state.outlines.size) parts.set("outlines", [...state.outlines].join(" "));
  const { kinds, levels, country, tier, outline, only } = state.filters;
  if (kinds.size) parts.set("kinds", [...kinds].join(" "));
  if (levels.size) parts.set("levels", [...levels].join(" "));
  if (country) parts.set("country", country);
  if (tier !== "") parts.set("tier", tier);
  if (outline >= 0) parts.set("within", String(outline));
  if (only) parts.set("only", "findings");
  if (language !== data.language) parts.set("lang", language);
  return parts.toString().replaceAll("%2F", "/");
}

// Read the address; what it names and the map does not know is passed over.
function arrive(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const known = (key) => (parts.get(key) ?? "").split(" ").map((id) => placeOf.get(id)).filter((node) => node !== undefined);
  state.finding = findingOf.get(parts.get("finding")) ?? -1;
  state.way = known("way").length === 2 ? known("way") : [];
  state.from = -1;
  state.focus = state.finding >= 0 ? nodesOf(state.finding) : state.way.length ? [] : known("focus");
  state.depth = state.focus.length ? Math.max(0, Number.parseInt(parts.get("depth") ?? "", 10) || 0) : 0;
  state.everything = parts.get("all") === "1";
  state.record = recordOf(parts.get("record"));
  state.list = LISTS.includes(parts.get("list")) ? parts.get("list") : "";
  state.open = new Set(large ? (parts.get("open") ?? "").split(" ").filter(Boolean) : []);
  state.lens = lenses().includes(parts.get("lens")) ? parts.get("lens") : "chain";
  const requirement = Number.parseInt(parts.get("requirement") ?? "", 10);
  state.requirement = data.requirements[requirement] ? requirement : -1;
  state.watcher = known("watcher")[0] ?? -1;
  state.date = (data.dates.dates ?? []).indexOf(parts.get("date"));
  state.compared = (data.dates.dates ?? []).indexOf(parts.get("since"));
  const lost = (parts.get("lost") ?? "").split(" ").filter(Boolean).map((id) => (id.startsWith("~") ? Number(id.slice(1)) : dependencyOf.get(placeOf.get(id))));
  state.lost = new Set(lost.filter((dependency) => data.dependencies.needs[dependency]));
  language = ["da", "en"].includes(parts.get("lang")) ? parts.get("lang") : data.language;
  const numbers = (key, known) => new Set((parts.get(key) ?? "").split(" ").filter(Boolean).map(Number).filter(known));
  state.outlines = numbers("outlines", (place) => data.outlines[place]);
  state.filters = {
    kinds: numbers("kinds", (kind) => kind in data.names.kinds),
    levels: numbers("levels", (level) => level >= -1 && level < data.names.levels.length),
    country: nodes.country.includes(parts.get("country")) ? parts.get("country") : "",
    tier: nodes.lane.includes(Number(parts.get("tier") || Number.NaN)) ? parts.get("tier") : "",
    outline: data.outlines[Number.parseInt(parts.get("within") ?? "", 10)] ? Number.parseInt(parts.get("within"), 10) : -1,
    only: parts.get("only") === "findings",
  };
  state.selected = known("at")[0] ?? (state.focus.length === 1 ? state.focus[0] : -1);
  state.link = parts.has("link") ? everything().edges.findIndex((edge) => linkId(edge) === parts.get("link")) : -1;
}
const linkId = (edge) => [nodes.id[edges.source[edge]], nodes.id[edges.target[edge]], edges.agreement[edge] < 0 ? SAYS_NAMES[edges.says[edge]] : data.agreements[edges.agreement[edge]][0]].join(" ");

// The nodes that a finding is shown at.
function nodesOf(finding) {
  const places = [];
  for (let node = 0; node < nodeCount; node++) if (findingsAt(node).includes(finding)) places.push(node);
  return places;
}
