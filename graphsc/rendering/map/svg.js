// The picture of the moment as SVG with its legend: what is printed and, with a heading, saved. The same signs as
// graphsc/drawing/svg.py.
const HEAD = 64, LEGEND_ROW = 30, LEGEND_COLUMN = 250;
function svgOf(view, headed) {
  const width = Math.max(view.width, 3 * LEGEND_COLUMN), left = (view.width - width) / 2, top = headed ? -HEAD : 0;
  const rows = legendRows(), across = Math.floor(width / LEGEND_COLUMN), height = view.height - top + LEGEND_ROW * Math.ceil(rows.length / across) + 16;
  const root = svgElement("svg", {
    xmlns: SVG_SPACE, class: "chain", role: "img", viewBox: `${left} ${top} ${width} ${height}`, width, height,
    "aria-label": byId("shown").textContent,
  });
  const line = (content, x, y, style = "key") => svgElement("text", { class: style, x, y }, content);
  if (headed) root.append(line(document.title, left + 12, top + 28, "head"),
    line([`${word("asOf")} ${dateOf(data.dates.dates ? data.dates.dates[chosenDate()] : data.asOf)}`, ...[...byId("chips").querySelectorAll("bdi")].map((chip) => chip.textContent), byId("shown").textContent].join(" · "), left + 12, top + 50));
  rows.forEach(([label, parts], place) => root.append(
    svgElement("g", { transform: `translate(${left + 32 + (place % across) * LEGEND_COLUMN} ${view.height + 26 + Math.floor(place / across) * LEGEND_ROW})` }, ...parts, line(label, 24, 4))));
  view.lanes.forEach((lane, place) => {
    if (place % 2 === 0) root.append(svgElement("rect", { class: "band", x: 0, y: lane.top, width: view.width, height: lane.bottom - lane.top }));
  });
  for (const outline of view.outlines) root.append(...svgOutline(outline));
  for (const edge of view.edges) root.append(...svgEdge(view, edge));
  for (const node of view.nodes) root.append(svgNode(view, node));
  view.lanes.forEach((lane, place) => {
    const label = svgElement("text", { class: "label lane", x: 12, y: lane.top + 20 }, `${laneName(lane.number)} (${lane.count})`);
    root.append(svgElement("g", { class: place % 2 === 0 ? "name odd" : "name" }, label));
  });
  return root;
}

function svgOutline(outline) {
  const colour = `var(--${outline.kind === "group" ? "watch" : "answer"})`;
  const path = outline.places.map(([x, y], place) => `${place ? "L" : "M"}${x} ${y}`).join("") + (outline.places.length === 1 ? "h0.1" : "");
  const [x, y] = outline.places[0];
  return [
    svgElement("path", { d: path, fill: "none", stroke: colour, "stroke-width": 50, "stroke-linecap": "round", "stroke-linejoin": "round", opacity: 0.18 }),
    ...outline.places.map(([cx, cy]) =>
      svgElement("circle", { cx, cy, r: 25, fill: "none", stroke: colour, "stroke-width": 2, "stroke-dasharray": outline.kind === "group" ? "5 3" : "1 4" })),
    svgElement("text", { class: "label", x, y: y - 30 }, outline.name),
  ];
}

function svgEdge(view, edge) {
  const line = view.line(edge);
  const says = SAYS_NAMES[edges.says[edge]];
  const mark = lensEdge(edge);
  let path = `M${line[0]} ${line[1]}`;
  for (let at = 2; at < line.length; at += 6) path += `C${line.slice(at, at + 6).join(" ")}`;
  const parts = [svgElement("path", { class: ["edge", says, mark.style].filter(Boolean).join(" "), d: path, opacity: mark.dim ? 0.25 : undefined })];
  for (const [part, sign, , style] of signsOf(edge, mark)) {
    const [x, y] = pointOn(line, part);
    parts.push(svgElement("circle", { class: style, cx: x, cy: y, r: MARK }), svgElement("path", { class: style, transform: `translate(${x} ${y})`, d: SIGNS[sign] }));
  }
  if (DIRECTED.has(edges.says[edge])) {
    const [x, y] = pointOn(line, data.drawing.pointed), [onward, down] = pointOn(line, data.drawing.pointed + 0.02);
    const turn = Math.round((Math.atan2(down - y, onward - x) * 180) / Math.PI);
    parts.push(svgElement("path", { class: `arrow ${says}`, transform: `translate(${x} ${y}) rotate(${turn})`, d: "M-4 -4L4 0L-4 4" }));
  }
  return parts;
}

function svgShape(corners, x, y, radius, attributes) {
  if (!corners) return svgElement("circle", { cx: x, cy: y, r: radius, ...attributes });
  const points = [];
  for (let place = 0; place < corners.length; place += 2) points.push(`${x + radius * corners[place]},${y + radius * corners[place + 1]}`);
  return svgElement("polygon", { points: points.join(" "), ...attributes });
}

// A shape filled by the worst finding; its outline says how critical it is, and the most critical has a second.
function svgFilled(kind, level, worst, x, y, radius) {
  const { kinds, outer } = data.drawing;
  const style = level > 0 ? ` level${level}` : kind === KIND.system && level < 0 ? " unknown" : "";
  const shape = svgShape(kinds[kind], x, y, radius, { class: `shape${style}${worst < 0 ? "" : ` ${FILLINGS[worst]}`}` });
  return level === MOST_CRITICAL ? [shape, svgShape(kinds[kind], x, y, radius * outer, { class: "shape outer" })] : [shape];
}

function svgNode(view, node) {
  const [x, y] = view.place.get(node);
  const { radius, kinds, line } = data.drawing;
  const marks = marksOf(node);
  const group = svgElement("g", { class: view.odd(y) ? "odd" : undefined, opacity: marks.dim ? 0.3 : undefined });
  group.append(svgElement("title", {}, [nameOf(node), kindOf(node), levelOf(node)].filter(Boolean).join(", ")));
  if (isBox(node)) for (const aside of [12, 6]) group.append(svgShape(kinds[nodes.kind[node]], x + aside, y - aside, radius, { class: "shape" }));
  group.append(...svgFilled(nodes.kind[node], nodes.level[node], marks.worst, x, y, radius));
  if (marks.ring) group.append(svgElement("circle", { cx: x, cy: y, r: radius * 1.55, fill: "none", stroke: `var(--${marks.ring})`, "stroke-width": 3, "stroke-dasharray": "7 3" }));
  if (marks.down) group.append(svgElement("path", { d: `M${x - 16} ${y - 16}l32 32m0 -32l-32 32`, stroke: "var(--ink)", "stroke-width": 3.5 }));
  view.lines(node).forEach((part, row) => group.append(svgElement("text", { class: "label", x, y: y + radius + 16 + line * row }, part)));
  if (marks.note) group.append(svgElement("text", { class: "label note", x, y: y + radius + 16 + line * view.lines(node).length }, marks.note));
  if (marks.worst >= 0) group.append(...svgBadge(marks.worst, marks.amount, x + radius, y - radius));
  return group;
}

const svgBadge = (worst, amount, x, y) => [
  svgShape(data.drawing.badges[worst], x, y, data.drawing.badge, { class: `badge ${["breach", "question", "note"][worst]}` }),
  svgElement("text", { class: "count", x, y: y + 5 }, signOf(amount)),
];
