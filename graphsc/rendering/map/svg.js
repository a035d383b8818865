// The picture of the moment as SVG: what is printed and what is saved. The same signs as graphsc/drawing/svg.py.
function svgOf(view, name) {
  const root = svgElement("svg", {
    xmlns: SVG_SPACE, class: "chain", role: "img", viewBox: `0 0 ${view.width} ${view.height}`, width: view.width, height: view.height,
    "aria-label": byId("shown").textContent,
  });
  const defs = svgElement("defs", {});
  told.names.levels.forEach((_, level) => {
    const offset = (1 - level / (told.names.levels.length - 1)).toFixed(3);
    defs.append(
      svgElement("linearGradient", { id: `${name}-level${level}`, x1: 0, y1: 0, x2: 0, y2: 1 },
        svgElement("stop", { offset, "stop-color": "var(--paper)" }),
        svgElement("stop", { offset, "stop-color": `var(--level${level})` })),
    );
  });
  root.append(defs);
  view.lanes.forEach((lane, place) => {
    if (place % 2 === 0) root.append(svgElement("rect", { class: "band", x: 0, y: lane.top, width: view.width, height: lane.bottom - lane.top }));
  });
  for (const outline of view.outlines) root.append(...svgOutline(outline));
  for (const edge of view.edges) root.append(...svgEdge(view, edge));
  for (const node of view.nodes) root.append(svgNode(view, node, name));
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
  const found = [svgElement("path", { class: ["edge", says, mark.style].filter(Boolean).join(" "), d: path, opacity: mark.dim ? 0.25 : undefined })];
  for (const [part, sign, , style] of signsOf(edge, mark)) {
    const [x, y] = pointOn(line, part);
    found.push(svgElement("circle", { class: style, cx: x, cy: y, r: MARK }), svgElement("path", { class: style, transform: `translate(${x} ${y})`, d: SIGNS[sign] }));
  }
  if (DIRECTED.has(edges.says[edge])) {
    const [x, y] = pointOn(line, told.drawing.pointed), [onward, down] = pointOn(line, told.drawing.pointed + 0.02);
    const turn = Math.round((Math.atan2(down - y, onward - x) * 180) / Math.PI);
    found.push(svgElement("path", { class: `arrow ${says}`, transform: `translate(${x} ${y}) rotate(${turn})`, d: "M-4 -4L4 0L-4 4" }));
  }
  return found;
}

function svgShape(corners, x, y, radius, attributes) {
  if (!corners) return svgElement("circle", { cx: x, cy: y, r: radius, ...attributes });
  const points = [];
  for (let place = 0; place < corners.length; place += 2) points.push(`${x + radius * corners[place]},${y + radius * corners[place + 1]}`);
  return svgElement("polygon", { points: points.join(" "), ...attributes });
}

function svgNode(view, node, name) {
  const [x, y] = view.place.get(node);
  const { radius, kinds, badge, badges, line } = told.drawing;
  const marks = marksOf(node), level = nodes.level[node];
  const group = svgElement("g", { class: view.odd(y) ? "odd" : undefined, opacity: marks.dim ? 0.3 : undefined });
  group.append(svgElement("title", {}, [nameOf(node), kindOf(node), levelOf(node)].filter(Boolean).join(", ")));
  const style = nodes.kind[node] === KIND.system && level < 0 ? "shape unknown" : "shape";
  if (isBox(node)) for (const aside of [6, 3]) group.append(svgShape(kinds[nodes.kind[node]], x + aside, y - aside, radius, { class: style, fill: "var(--paper)" }));
  group.append(svgShape(kinds[nodes.kind[node]], x, y, radius, { class: style, fill: level > 0 ? `url(#${name}-level${level})` : "var(--paper)" }));
  if (marks.ring) group.append(svgElement("circle", { cx: x, cy: y, r: radius * 1.55, fill: "none", stroke: `var(--${marks.ring})`, "stroke-width": 3, "stroke-dasharray": "7 3" }));
  if (marks.down) group.append(svgElement("path", { d: `M${x - 16} ${y - 16}l32 32m0 -32l-32 32`, stroke: "var(--ink)", "stroke-width": 3.5 }));
  view.lines(node).forEach((part, row) => group.append(svgElement("text", { class: "label", x, y: y + radius + 16 + line * row }, part)));
  if (marks.note) group.append(svgElement("text", { class: "label note", x, y: y + radius + 16 + line * view.lines(node).length }, marks.note));
  if (marks.worst >= 0) {
    group.append(svgShape(badges[marks.worst], x + radius, y - radius, badge, { class: `badge ${["violation", "warning", "info"][marks.worst]}` }));
    group.append(svgElement("text", { class: "count", x: x + radius, y: y - radius + 5 }, signOf(marks.amount)));
  }
  return group;
}
