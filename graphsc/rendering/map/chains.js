// Chains, link by link, as graphsc/drawing/chain.py has them: below an agreement come the agreements under it.
const links = (function () {
  const lists = () => new Map();
  const add = (map, key, value) => (map.has(key) ? map.get(key).push(value) : map.set(key, [value]));
  const plain = lists(), under = lists(), into = lists(), of = lists(), answers = lists(), watches = lists();
  for (let edge = 0; edge < edgeCount; edge++) {
    if (needs(edge)) {
      add(into, edges.target[edge], edge);
      if (edges.agreement[edge] >= 0) add(of, edges.agreement[edge], edge);
      if (edges.parent[edge] < 0) add(plain, edges.source[edge], edge);
    }
    if (edges.parent[edge] >= 0) add(under, edges.parent[edge], edge);
    if (edges.says[edge] === SAYS.accountable) add(answers, edges.source[edge], edge);
    if (edges.says[edge] === SAYS.supervises) add(watches, edges.source[edge], edge);
  }
  // Only what was there on the chosen date leads anywhere.
  const get = (map, key) => (map.get(key) ?? []).filter((edge) => there("edges", edge));

  function starts(node) {
    const reached = new Set(get(plain, node));
    for (const edge of get(into, node)) {
      if (edges.agreement[edge] >= 0) for (const other of get(under, edges.agreement[edge])) reached.add(other);
    }
    if (nodes.kind[node] === KIND.authority) {
      for (const edge of get(answers, node)) reached.add(edge);
      if (!reached.size) for (const edge of get(watches, node)) reached.add(edge);
    }
    return [...reached].sort((one, other) => one - other);
  }
  const ends = (node) => get(into, node);
  const beneath = (edge) => (edges.agreement[edge] < 0 ? starts(edges.target[edge]) : get(under, edges.agreement[edge]));
  const over = (edge) => (edges.parent[edge] < 0 ? get(into, edges.source[edge]) : get(of, edges.parent[edge]));
  return { starts, ends, beneath, over, delivering: (agreement) => get(of, agreement) };
})();

// The edges reached from a node in one direction, the nearest first, each with the edge it was reached by (-1: none).
function walk(node, downward) {
  const came = new Map();
  for (const edge of downward ? links.starts(node) : links.ends(node)) came.set(edge, -1);
  for (const edge of came.keys()) {
    for (const other of downward ? links.beneath(edge) : links.over(edge)) if (!came.has(other)) came.set(other, edge);
  }
  return came;
}

// For everything a node rests on, or that rests on it, a shortest path of nodes that begins with the node.
function paths(node, downward) {
  const came = walk(node, downward);
  const far = downward ? edges.target : edges.source;
  const near = downward ? edges.source : edges.target;
  const result = new Map();
  for (const edge of came.keys()) {
    if (result.has(far[edge]) || far[edge] === node) continue;
    const path = [far[edge]];
    for (let step = edge; step >= 0; step = came.get(step)) path.push(near[step]);
    if (path[path.length - 1] !== node) path.push(node);
    result.set(far[edge], path.reverse());
  }
  return result;
}

// The chain of some nodes: its nodes and edges, with who answers for its systems and who watches its links.
function chainOf(focus) {
  const kept = new Set();
  for (const node of focus) {
    for (const edge of walk(node, true).keys()) kept.add(edge);
    for (const edge of walk(node, false).keys()) kept.add(edge);
  }
  const inside = new Set(focus);
  const agreements = new Set();
  for (const edge of kept) {
    inside.add(edges.source[edge]).add(edges.target[edge]);
    if (edges.agreement[edge] >= 0) agreements.add(edges.agreement[edge]);
  }
  for (let edge = 0; edge < edgeCount; edge++) {
    const says = edges.says[edge];
    const joins =
      (says === SAYS.supervises && agreements.has(edges.agreement[edge])) ||
      (says === SAYS.accountable && inside.has(edges.target[edge])) ||
      (says === SAYS.operates && inside.has(edges.target[edge]) && inside.has(edges.source[edge]));
    if (joins && there("edges", edge)) {
      kept.add(edge);
      inside.add(edges.source[edge]);
    }
  }
  return part([...inside].sort((one, other) => one - other), [...kept].sort((one, other) => one - other));
}

// Some nodes and edges with lanes of their own: a supplier lies in the nearest tier in which it stands in them.
function part(inside, kept) {
  const tiers = new Map();
  for (const edge of kept) {
    const tier = edges.tier[edge];
    if (tier) tiers.set(edges.target[edge], Math.min(tier, tiers.get(edges.target[edge]) ?? tier));
  }
  const lanes = inside.map((node) => (tiers.has(node) ? 3 + tiers.get(node) : nodes.lane[node]));
  return { nodes: inside, edges: kept, lanes };
}
