// What the signs of the view mean: beside the map, and in what is saved or printed.
function fillLegend() {
  const drawn = (parts) => svgElement("svg", { class: "chain sign", viewBox: "-20 -14 40 28", "aria-hidden": "true" }, ...parts);
  byId("legend").replaceChildren(...legendRows().map(([label, parts]) => el("li", {}, drawn(parts), " ", label)));
}

// Each sign that is shown, drawn as the picture draws it about (0, 0), with what it means.
function legendRows() {
  const rows = [];
  const row = (shown, label, ...parts) => shown && rows.push([label, parts]);
  const present = (items, value) => [...new Set(items.map(value))].filter((one) => one >= 0).sort((one, other) => one - other);
  const shape = (kind, level = 0, worst = -1) => svgFilled(kind, level, worst, 0, 0, 9);
  const stroke = (attributes) => svgElement("path", { d: "M-18 0L18 0", ...attributes });
  const line = (says) => stroke({ class: `edge ${SAYS_NAMES[says]}` });
  const end = (says) => says === SAYS.unapproved ? signOn("mark", SIGNS.cross) : DIRECTED.has(says) ? [stroke({ class: `arrow ${SAYS_NAMES[says]}`, d: "M-4 -4L4 0L-4 4" })] : [];
  const marks = view.nodes.map(marksOf), changed = new Set([...marks.map((mark) => mark.change), ...view.edges.map((edge) => lensEdge(edge).sign)]);
  for (const kind of present(view.nodes, (node) => nodes.kind[node])) row(true, text(data.names.kinds[kind]), ...shape(kind));
  row(view.nodes.some(isBox), word("gatheredSign"), ...[4, 2, 0].map((aside) => svgShape(null, aside, -aside, 8, { class: "shape" })));
  for (const level of present(view.nodes, (node) => nodes.level[node])) row(true, text(data.names.levels[level]), ...shape(KIND.system, level));
  row(view.nodes.some((node) => nodes.kind[node] === KIND.system && nodes.level[node] < 0), word("noLevel"), ...shape(KIND.system, -1));
  for (const worst of present(marks, (mark) => mark.worst)) row(true, text(data.names.severities[worst]), ...shape(KIND.system, 0, worst), ...svgBadge(worst, 1, 11, -5));
  for (const says of present(view.edges, (edge) => edges.says[edge])) row(true, text(data.names.says[says]), line(says), ...end(says));
  row(view.edges.some((edge) => droppedAt(edge).length), word("stopSign"), line(SAYS.supplies), ...signOn("mark stop", SIGNS.stop));
  row(state.lens === "risk" && marks.some((mark) => mark.ring === "breach"), word("pointSign"), ...shape(KIND.supplier), svgElement("circle", { r: 13, fill: "none", stroke: "var(--breach)", "stroke-width": 2.5, "stroke-dasharray": "7 3" }));
  row(marks.some((mark) => mark.down), word("downSign"), ...shape(KIND.system), svgElement("path", { d: "M-12 -12l24 24m0 -24l-24 24", stroke: "var(--ink)", "stroke-width": 3 }));
  for (const [change, colour] of Object.entries(CHANGES)) row(changed.has(change), word(change), stroke({ stroke: `var(--${colour})`, "stroke-width": 3, "stroke-dasharray": change === "went" ? "2 5" : undefined }), ...signOn(`mark ${change}`, SIGNS[change]));
  return rows;
}

const signOn = (style, path) => [svgElement("circle", { class: style, r: MARK }), svgElement("path", { class: style, d: path })];
