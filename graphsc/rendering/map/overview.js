// The overview of a large map: an authority stands for its systems, an owner group for its companies, and what is least
// critical for a lane is gathered. Such a box is a node of its own behind the real ones, and opens in place.
const large = nodeCount > data.many;
const ROW = 9;  // as many side by side as can be read on a small screen
const boxes = new Map();  // by id: the number of the node, and what it stands for
const boxOf = new Map();  // by number
const isBox = (node) => node >= nodeCount;
const both = (make) => ["da", "en"].map((code, place) => make((key) => textIn(data.names.words[key], place), (label) => textIn(label, place), (value) => new Intl.NumberFormat(code).format(value)));

const membersOf = (item) => (isBox(item) ? boxOf.get(item).members : [item]);
const weightOf = (item) => {
  const members = membersOf(item);
  const sum = (measure) => members.reduce((total, node) => total + measure(node), 0);
  return [Math.max(...members.map((node) => nodes.level[node])), sum(stopsOf), sum((node) => links.ends(node).length + links.starts(node).length)];
};

// The most critical first; then what stops most if it is lost, and what most rest on.
function byWeight(items) {
  const weights = new Map(items.map((item) => [item, weightOf(item)]));
  return [...items].sort((one, other) => {
    const [left, right] = [weights.get(one), weights.get(other)];
    return right[0] - left[0] || right[1] - left[1] || right[2] - left[2] || one - other;
  });
}

function box(id, label, lane, kind, items, also = []) {
  if (boxes.has(id)) return boxes.get(id);
  const number = nodes.id.length;
  const members = [...items.flatMap(membersOf), ...also];
  boxes.set(id, number);
  boxOf.set(number, { id, items, members, lane });
  data.texts.push(label(members.length));
  nodes.id.push(id);
  nodes.label.push(data.texts.length - 1);
  nodes.kind.push(kind);
  nodes.lane.push(lane);
  nodes.level.push(Math.max(...members.map((node) => nodes.level[node])));
  nodes.country.push("");
  const findings = [...new Set(members.flatMap(findingsAt))].sort((one, other) => one - other);
  if (findings.length) nodes.findings[number] = findings;
  if (data.dates.nodes) data.dates.nodes.push(members.reduce((mask, node) => mask | data.dates.nodes[node], 0));
  return number;
}

// At most a row of items: the first, and a box for the rest.
function folded(id, items, lane) {
  if (items.length <= ROW) return items;
  const rest = items.slice(ROW - 1);
  const kinds = new Set(rest.map((item) => nodes.kind[item]));
  const kind = kinds.size === 1 ? [...kinds][0] : nodes.kind[rest[0]];
  return [...items.slice(0, ROW - 1), box(`${id}+`, (count) => both((word, _, written) => word(`others${kind}`).replace("{0}", written(kind === KIND.authority ? rest.length : count))), lane, kind, rest)];
}

// What each lane of the overview begins with.
const firstLanes = large && (function () {
  const lanes = new Map(), owned = new Map(), grouped = new Map();
  const put = (map, key, item) => (map.has(key) ? map.get(key).push(item) : map.set(key, [item]));
  const groupOf = new Map();
  data.outlines.forEach(([kind, , members], place) => kind === "group" && members.forEach((node) => groupOf.set(node, place)));
  const isOwner = new Set(Object.values(nodes.owner));
  for (let node = 0; node < nodeCount; node++) {
    const kind = nodes.kind[node];
    if (kind === KIND.function) put(lanes, 1, node);
    else if (kind === KIND.process || kind === KIND.system) put(owned, nodes.owner[node] ?? -1, node);
    else if (kind === KIND.supplier) put(grouped, groupOf.has(node) ? `@@${groupOf.get(node)}` : node, node);
    else if (kind === KIND.authority && !isOwner.has(node) && links.starts(node).length) put(lanes, 0, node);
  }
  for (const [owner, those] of owned) {
    const label = () => both((word, name, written) => word("systemsOf").replace("{0}", owner < 0 ? word("nobodys") : name(nodes.label[owner])).replace("{1}", written(those.length)));
    put(lanes, 3, those.length > 1 ? box(`@${owner < 0 ? "" : nodes.id[owner]}`, label, 3, owner < 0 ? KIND.system : KIND.authority, byWeight(those), owner < 0 ? [] : [owner]) : those[0]);
  }
  for (const [key, those] of grouped) {
    const lane = Math.min(...those.map((node) => nodes.lane[node]));
    const label = (count) => both((_, name, written) => `${name(data.outlines[Number(key.slice(2))][1])} (${written(count)})`);
    put(lanes, lane, those.length > 1 ? box(key, label, lane, KIND.supplier, byWeight(those)) : those[0]);
  }
  if (lanes.has(1)) lanes.set(1, critical().map((one) => one.node));
  return new Map([...lanes].map(([lane, items]) => [lane, folded(`lane${lane}`, lane === 1 ? items : byWeight(items), lane)]));
})();

// What stands in the overview now, with all that is open laid out, and a line where anything in one needs anything in another.
function overview() {
  const shown = [];
  const lay = (item) => (isBox(item) && state.open.has(boxOf.get(item).id) ? folded(boxOf.get(item).id, boxOf.get(item).items, boxOf.get(item).lane).forEach(lay) : shown.push(item));
  for (const items of firstLanes.values()) items.forEach(lay);
  const standsFor = new Map();
  for (const item of shown) for (const node of membersOf(item)) standsFor.set(node, item);
  for (const column of [edges.says, edges.agreement, edges.parent, edges.tier, edges.source, edges.target]) column.length = edgeCount;
  if (data.dates.edges) data.dates.edges.length = edgeCount;
  const ties = new Map(), kept = [];
  for (let edge = 0; edge < edgeCount; edge++) {
    const source = standsFor.get(edges.source[edge]), target = standsFor.get(edges.target[edge]);
    if (!needs(edge) || source === undefined || target === undefined || source === target || !there("edges", edge)) continue;
    if (!isBox(source) && !isBox(target)) kept.push(edge);
    else {
      const key = source * nodes.id.length + target;
      if (!ties.has(key)) ties.set(key, { source, target, says: edges.says[edge], when: 0 });
      const tie = ties.get(key);
      if (edges.says[edge] === SAYS.unapproved) tie.says = SAYS.unapproved;
      if (data.dates.edges) tie.when |= data.dates.edges[edge];
    }
  }
  for (const { source, target, says, when } of ties.values()) {
    kept.push(edges.says.length);
    edges.source.push(source);
    edges.target.push(target);
    edges.says.push(says);
    edges.agreement.push(-1);
    edges.parent.push(-1);
    edges.tier.push(0);
    if (data.dates.edges) data.dates.edges.push(when);
  }
  return { nodes: shown, edges: kept, lanes: shown.map((node) => nodes.lane[node]) };
}

function openBox(node) {
  state.open.add(boxOf.get(node).id);
  change({ selected: -1 });
  fitView();
  say(byId("shown").textContent);
}

function boxPanel(node) {
  const { members } = boxOf.get(node);
  return [
    el("h2", { id: "panel-title", tabindex: "-1" }, named(nameOf(node))),
    el("p", { class: "soft" }, word("boxHint")),
    el("p", { class: "actions" }, el("button", { type: "button", class: "main", onclick: () => openBox(node) }, word("openBox"))),
    findingsAt(node).length > 0 && [heading(3, "findings", findingsAt(node).length), listOf(findingsAt(node), (place) => findingItem(place, true), { most: 4, className: "findings" })],
    heading(3, "members", members.length),
    listOf(byWeight(members), (one) => el("li", {}, leadsTo(one), el("span", { class: "soft" }, ` – ${[kindOf(one), levelOf(one)].filter(Boolean).join(", ")}`)), { most: 30 }),
  ];
}
