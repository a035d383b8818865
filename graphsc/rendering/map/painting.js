// The picture on the screen's canvas.
let colours = {}, layer = {};
function readColours() {
  layer = {};
  const style = getComputedStyle(document.documentElement);
  for (const name of ["paper", "band", "ink", "soft", "line", "unmarked", ...FILLINGS, "breach", "question",
    "note", "watch", "answer", "onbadge"]) {
    colours[name] = style.getPropertyValue(`--${name}`).trim();
  }
}
const FONT = "system-ui, sans-serif";
const EDGE_STYLES = {
  supports: ["line", 1, []], depends: ["line", 1.5, [6, 3, 1, 3]], supplies: ["line", 1.5, []], approved: ["line", 1.5, []],
  unapproved: ["breach", 2.4, [8, 4]], unrecorded: ["line", 2, [2, 4]], supervises: ["watch", 1.5, [3, 3]],
  accountable: ["answer", 1, []], operates: ["answer", 1.5, [10, 4]],
};

// What is dragged is painted once, with some room around the window, and then only moved; while it is zoomed it is painted
// anew each time. The names of the lanes lie above the lines and below the nodes, so each of these is a layer of its own.
const LAYER_ROOM = 0.25;  // of the window, on each side
function paintMoved(context, view, scale, window) {
  const as = { view, scale, known, link: state.link };
  const same = Object.keys(as).every((key) => layer[key] === as[key]);
  if (!same) {
    layer = as;
    paintLines(context, view, scale);
    paintLaneNames(context, view);
    return paintNodes(context, view, scale);
  }
  const { a: pixels, e, f } = context.getTransform();
  const within = layer.box && window.left >= layer.box.left && window.right <= layer.box.right && window.top >= layer.box.top && window.bottom <= layer.box.bottom;
  if (!within) {
    const across = LAYER_ROOM * (window.right - window.left), down = LAYER_ROOM * (window.bottom - window.top);
    const box = (layer.box = { left: window.left - across, right: window.right + across, top: window.top - down, bottom: window.bottom + down });
    layer.x = Math.round(box.left * pixels);
    layer.y = Math.round(box.top * pixels);
    const painted = (paint) => {
      const canvas = el("canvas", { width: Math.ceil((box.right - box.left) * pixels), height: Math.ceil((box.bottom - box.top) * pixels) });
      const inside = canvas.getContext("2d");
      inside.setTransform(pixels, 0, 0, pixels, -layer.x, -layer.y);
      paint(inside, { ...view, ...box }, scale);
      return canvas;
    };
    layer.lines = painted(paintLines);
    layer.nodes = painted(paintNodes);
  }
  const move = (canvas) => {
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(canvas, layer.x + Math.round(e), layer.y + Math.round(f));
    context.restore();
  };
  move(layer.lines);
  paintLaneNames(context, view);
  move(layer.nodes);
}

// Scale is how many pixels a unit has.
function paintLines(context, view, scale) {
  paintBands(context, view);
  paintOutlines(context, view, scale);
  // The more lines, the fainter they are, and what is wrong with some of them stands out on top.
  const faint = Math.max(0.14, Math.min(1, 60 / (view.edges.length + 1)));
  const wrong = (edge) => edges.says[edge] === SAYS.unapproved || droppedAt(edge).length > 0;
  if (view.edges.length > CROWD && scale < 0.3) paintCrowd(context, view, view.edges.filter((edge) => !wrong(edge)), scale, faint);
  else for (const edge of view.edges) if (!wrong(edge)) paintEdge(context, view, edge, scale, faint);
  for (const edge of view.edges) if (wrong(edge)) paintEdge(context, view, edge, scale, Math.max(faint, 0.85));
  context.setLineDash([]);
  context.globalAlpha = 1;
}

// Far away, names and marks are left out.
function paintNodes(context, view, scale) {
  const size = labelSize(scale);
  const roomy = size <= 1.05 * LABEL;
  for (const node of view.nodes) paintNode(context, view, node, roomy, scale, size);
  if (!roomy) for (const name of namesOf(view, size)) paintName(context, view, name, size);
  context.globalAlpha = 1;
}

// Names are never smaller on the screen than can be read, whatever the zoom and the size of text that the reader has chosen.
const LABEL = 13, LEGIBLE = 11;
const labelSize = (scale) => Math.max(LABEL, (LEGIBLE * rem()) / scale);

// From afar there is no room for every name: the selected, the critical and those with findings come first, and a name that
// would lie on another is cut or left out. Where that spares names, all are set narrow, but in a crowd. Worked out once for each look and size.
function namesOf(view, size) {
  if (view.names?.size === size && view.names.known === known) return view.names;
  const weight = (node) => (node === hovered ? 200 : node === state.selected ? 100 : 0) + (highlight.has(node) ? 50 : 0) + 10 * Math.max(0, nodes.level[node]) + (marksOf(node).worst >= 0 ? 5 : 0);
  const order = view.nodes.map((node) => [node, weight(node)]).sort((one, other) => other[1] - one[1] || one[0] - other[0]).map(([node]) => node);
  const whole = (names) => names.filter(({ rows }) => !rows.some((row) => row.endsWith("…"))).length;
  let names = namesWithin(view, order, size, 0);
  if (whole(names) < order.length && view.edges.length <= CROWD) {
    const narrow = namesWithin(view, order, size, 1);
    if (whole(narrow) > whole(names)) names = narrow;
  }
  return (view.names = Object.assign(names, { size, known }));
}

// The names of nodes in an order of precedence, each in the widest of its cuts, from the given one on, that lies on no node and no
// name before it.
function namesWithin(view, order, size, first) {
  const { radius } = data.drawing, tall = 1.1 * size;
  const taken = new Map();  // the boxes in each cell of a grid
  const cells = ([left, top, right, bottom]) => {
    const all = [];
    for (let across = Math.floor(left / (8 * size)); across <= right / (8 * size); across++) for (let down = Math.floor(top / (3 * size)); down <= bottom / (3 * size); down++) all.push(across * 65536 + down);
    return all;
  };
  const overlap = (one, other) => one[0] < other[2] && one[2] > other[0] && one[1] < other[3] && one[3] > other[1];
  const take = (box, places) => places.forEach((cell) => (taken.has(cell) ? taken.get(cell).push(box) : taken.set(cell, [box])));
  const names = [];
  for (const node of order) {
    const [x, y] = view.place.get(node), box = [x - radius, y - radius, x + radius, y + radius];
    take(box, cells(box));
  }
  for (const node of order) {
    const [x, y] = view.place.get(node), top = y + radius + 2;
    const lines = view.lines(node), note = marksOf(node).note ? [marksOf(node).note] : [];
    const cuts = [lines, ...[[11, 18], [11, 14], [9, 10]].map(([perLine, longest]) => wrapped(nameOf(node), perLine, longest, 3)), ...[11, 7, 4].map((most) => [`${[...lines[0] ?? ""].slice(0, most).join("")}…`])];
    for (const cut of cuts.slice(first)) {
      const rows = [...cut, ...note], half = size * (0.06 + Math.max(...rows.map(breadth)) / 2);
      const box = [x - half, top, x + half, top + tall * rows.length], places = cells(box);
      if (places.some((cell) => taken.get(cell)?.some((other) => overlap(box, other)))) continue;
      take(box, places);
      names.push({ node, rows, note: note[0] });
      break;
    }
  }
  return names;
}

// How broad a text is, in parts of its size.
const breadths = new Map(), ruler = el("canvas").getContext("2d");
function breadth(content) {
  if (!breadths.has(content)) {
    ruler.font = `100px ${FONT}`;
    breadths.set(content, ruler.measureText(content).width / 100);
  }
  return breadths.get(content);
}

function paintName(context, view, { node, rows, note }, size) {
  const [x, y] = view.place.get(node), half = 6 * size;
  if (x + half < view.left || x - half > view.right || y > view.bottom || y + 6 * size < view.top) return;
  context.globalAlpha = marksOf(node).dim ? 0.22 : 1;
  rows.forEach((row, place) => paintText(context, row, x, y + data.drawing.radius + 2 + size + 1.1 * size * place, `${node === state.selected ? "700 " : note === row ? "600 " : ""}${size}px`, note === row ? colours.soft : colours.ink, view.odd(y)));
}

function paintBands(context, view) {
  context.fillStyle = colours.paper;
  context.fillRect(view.left, -40, view.right - view.left, view.height + 80);
  context.fillStyle = colours.band;
  view.lanes.forEach((lane, place) => {
    if (place % 2 === 0) context.fillRect(view.left, lane.top, view.right - view.left, lane.bottom - lane.top);
  });
}

// Lane names stay at the left edge of the window while the picture moves.
function paintLaneNames(context, view) {
  context.save();
  const ratio = context.canvas.width / context.canvas.clientWidth, size = rem();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  for (const lane of view.lanes) {
    const y = chart.canvasToDOM({ x: 0, y: lane.top }).y, end = chart.canvasToDOM({ x: 0, y: lane.bottom }).y;
    const high = 17 * size;
    if (end < high || y > board.clientHeight || end - y < high - 3) continue;
    context.font = `600 ${12 * size}px ${FONT}`;
    const at = Math.min(Math.max(y + 3, 2), end - high);
    const name = laneName(lane.number), short = name.split(":")[0], count = ` (${number(lane.count)})`, room = roomBeside(view, at, high);
    const label = [name + count, short + count].find((text) => 10 + context.measureText(text).width < room) ?? short;
    const width = context.measureText(label).width;
    context.globalAlpha = 0.86;
    context.fillStyle = colours.paper;
    context.fillRect(4, at, width + 12, high);
    context.globalAlpha = 1;
    context.fillStyle = colours.soft;
    context.textAlign = "left";
    context.fillText(label, 10, at + 0.76 * high);
  }
  context.restore();
}

// How wide the name of a lane may be at the left edge of the window until it meets a node or the badge of one.
function roomBeside(view, at, high) {
  const { radius, badge } = data.drawing, from = chart.DOMtoCanvas({ x: 0, y: at }), to = chart.DOMtoCanvas({ x: 0, y: at + high });
  let end = Infinity;
  for (const node of view.nodes) {
    const [x, y] = view.place.get(node);
    if (x > from.x && x - radius < end && y + radius > from.y && y - radius - badge < to.y) end = x - radius;
  }
  return chart.canvasToDOM({ x: end, y: 0 }).x;
}

function paintOutlines(context, view, scale) {
  for (const outline of view.outlines) {
    context.strokeStyle = outline.kind === "group" ? colours.watch : colours.answer;
    context.lineCap = context.lineJoin = "round";
    context.globalAlpha = 0.18;
    context.lineWidth = 50;
    context.beginPath();
    outline.places.forEach(([x, y], place) => (place ? context.lineTo(x, y) : context.moveTo(x, y)));
    if (outline.places.length === 1) context.lineTo(outline.places[0][0] + 0.1, outline.places[0][1]);
    context.stroke();
    context.globalAlpha = 1;
    context.lineWidth = 2;
    context.setLineDash(outline.kind === "group" ? [5, 3] : [1, 4]);
    for (const [x, y] of outline.places) {
      context.beginPath();
      context.arc(x, y, 25, 0, 2 * Math.PI);
      context.stroke();
    }
    context.setLineDash([]);
    const [x, y] = outline.places[0];
    paintText(context, outline.name, x, y - 30, `600 ${labelSize(scale)}px`, context.strokeStyle);
  }
  context.lineCap = "butt";
}

// Very many lines from afar: straight, and those of one look in one stroke.
const CROWD = 1000;
function paintCrowd(context, view, crowd, scale, faint) {
  const looks = new Map();
  for (const edge of crowd) {
    const dim = lensEdge(edge).dim ? 1 : 0;
    const key = 2 * edges.says[edge] + dim;
    if (!looks.has(key)) looks.set(key, new Path2D());
    const [x, y] = view.place.get(edges.source[edge]), [toX, toY] = view.place.get(edges.target[edge]);
    looks.get(key).moveTo(x, y);
    looks.get(key).lineTo(toX, toY);
  }
  context.setLineDash([]);
  context.lineWidth = 0.6 / scale;
  for (const [key, path] of looks) {
    context.globalAlpha = key % 2 ? 0.16 * faint : faint;
    context.strokeStyle = colours[EDGE_STYLES[SAYS_NAMES[key >> 1]][0]];
    context.stroke(path);
  }
}

function paintEdge(context, view, edge, scale, faint) {
  const says = SAYS_NAMES[edges.says[edge]];
  const [colour, width, dash] = EDGE_STYLES[says];
  const line = view.line(edge);
  const mark = lensEdge(edge);
  context.globalAlpha = mark.dim ? 0.16 * faint : faint;
  context.strokeStyle = colours[mark.colour ?? colour];
  context.lineWidth = edge === state.link ? 4.5 : (mark.width ?? Math.max(width, 0.6 / scale));
  context.setLineDash(mark.dash ?? dash);
  context.beginPath();
  context.moveTo(line[0], line[1]);
  for (let at = 2; at < line.length; at += 6) context.bezierCurveTo(line[at], line[at + 1], line[at + 2], line[at + 3], line[at + 4], line[at + 5]);
  context.stroke();
  if (scale < 0.3) return;
  context.setLineDash([]);
  if (DIRECTED.has(edges.says[edge])) paintArrow(context, line);
  for (const [part, sign, ofSign] of signsOf(edge, mark)) paintSign(context, pointOn(line, part), ofSign, SIGNS[sign]);
}

function paintArrow(context, line) {
  const [x, y] = pointOn(line, data.drawing.pointed), [onward, down] = pointOn(line, data.drawing.pointed + 0.02);
  context.save();
  context.translate(x, y);
  context.rotate(Math.atan2(down - y, onward - x));
  context.lineWidth = 1.8;
  context.beginPath();
  context.moveTo(-4, -4);
  context.lineTo(4, 0);
  context.lineTo(-4, 4);
  context.stroke();
  context.restore();
}

// A sign on a line, in a ring: a cross (approval is missing), a bar (a requirement stops), or what changed.
function paintSign(context, [x, y], colour, strokes) {
  context.strokeStyle = colours[colour];
  context.fillStyle = colours.paper;
  context.lineWidth = 2;
  context.save();
  context.translate(x, y);
  const ring = new Path2D();
  ring.arc(0, 0, MARK, 0, 2 * Math.PI);
  context.fill(ring);
  context.stroke(ring);
  context.stroke(new Path2D(strokes));
  context.restore();
}

function outlinePath(context, corners, x, y, radius) {
  context.beginPath();
  if (!corners) context.arc(x, y, radius, 0, 2 * Math.PI);
  else {
    for (let place = 0; place < corners.length; place += 2) {
      const to = [x + radius * corners[place], y + radius * corners[place + 1]];
      if (place) context.lineTo(...to);
      else context.moveTo(...to);
    }
    context.closePath();
  }
}

const BORDERS = [1.2, 2.2, 3.6, 3.6];  // by how critical it is
function paintNode(context, view, node, labelled, scale, size) {
  const [x, y] = view.place.get(node);
  const { radius, outer, kinds, badge, badges } = data.drawing;
  const marks = marksOf(node);
  const corners = kinds[nodes.kind[node]];
  const level = nodes.level[node];
  context.globalAlpha = marks.dim ? 0.22 : 1;
  if (node === state.selected) {
    context.strokeStyle = colours.ink;
    context.lineWidth = 3;
    context.beginPath();
    context.arc(x, y, radius * 1.5, 0, 2 * Math.PI);
    context.stroke();
  }
  for (const aside of isBox(node) ? [12, 6, 0] : [0]) {  // a box is a stack
    outlinePath(context, corners, x + aside, y - aside, radius);
    context.fillStyle = colours[aside || marks.worst < 0 ? "unmarked" : FILLINGS[marks.worst]];
    context.fill();
    context.strokeStyle = colours.ink;
    context.lineWidth = Math.max(aside ? BORDERS[0] : BORDERS[Math.max(0, level)], 0.7 / scale);
    context.setLineDash(nodes.kind[node] === KIND.system && level < 0 ? [3, 2] : []);
    context.stroke();
  }
  context.setLineDash([]);
  if (level === MOST_CRITICAL) {
    outlinePath(context, corners, x, y, radius * outer);
    context.lineWidth = Math.max(1.4, 0.7 / scale);
    context.stroke();
  }
  if (marks.ring) {
    context.strokeStyle = colours[marks.ring];
    context.lineWidth = 3;
    context.setLineDash([7, 3]);
    context.beginPath();
    context.arc(x, y, radius * 1.55, 0, 2 * Math.PI);
    context.stroke();
    context.setLineDash([]);
  }
  if (marks.down) paintDown(context, x, y, radius);
  if (labelled) view.lines(node).forEach((line, row) =>
    paintText(context, line, x, y + radius + 16 + data.drawing.line * row, `${node === state.selected ? "700 " : ""}${size}px`, colours.ink, view.odd(y)));
  if (marks.worst >= 0) paintBadge(context, badges[marks.worst], marks.worst, marks.amount, x + radius, y - radius, badge, rem() / scale);
  // What a lens says of it stands as the last line of its label.
  if (marks.note && labelled) paintText(context, marks.note, x, y + radius + 16 + data.drawing.line * view.lines(node).length, `600 ${size}px`, colours.soft, view.odd(y));
}

// What has stopped: struck out.
function paintDown(context, x, y, radius) {
  context.strokeStyle = colours.ink;
  context.lineWidth = 3.5;
  context.beginPath();
  context.moveTo(x - radius * 1.25, y - radius * 1.25);
  context.lineTo(x + radius * 1.25, y + radius * 1.25);
  context.moveTo(x + radius * 1.25, y - radius * 1.25);
  context.lineTo(x - radius * 1.25, y + radius * 1.25);
  context.stroke();
}

// A badge grows with the text, so that its number can be read; from too far away it is the sign alone.
const MOST_GROWN = 2;
function paintBadge(context, corners, severity, amount, x, y, least, needed) {
  const grown = Math.max(1, needed > MOST_GROWN ? 1 : needed), radius = least * grown;
  x += 0.7 * (radius - least);  // so that it covers no more of the node
  y -= 0.7 * (radius - least);
  outlinePath(context, corners, x, y, radius);
  context.fillStyle = colours[["breach", "question", "note"][severity]];
  context.fill();
  context.strokeStyle = colours.paper;
  context.lineWidth = 1.5;
  context.stroke();
  if (needed > MOST_GROWN) return;
  context.fillStyle = colours.onbadge;
  context.font = `700 ${LEGIBLE * grown}px ${FONT}`;
  context.textAlign = "center";
  context.fillText(signOf(amount), x, y + 5 * grown);
}

function paintText(context, content, x, y, font, colour, odd) {
  context.font = `${font} ${FONT}`;
  context.textAlign = "center";
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = odd ? colours.band : colours.paper;
  context.strokeText(content, x, y);
  context.fillStyle = colour;
  context.fillText(content, x, y);
}
