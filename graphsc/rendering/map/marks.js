// Geometry that canvas and SVG share, as graphsc/drawing/svg.py has it.
const DIRECTED = new Set([SAYS.depends, SAYS.supervises, SAYS.operates]);
const MARK = 7;
const FILLINGS = ["violated", "warned", "noted"];
const MOST_CRITICAL = data.names.levels.length - 1;
const SIGNS = { cross: "M-3.5 -3.5l7 7m0 -7l-7 7", stop: "M-4 0h8", came: "M-4 0h8M0 -4v8", went: "M-4 0h8", changed: "M-4 -2h8M-4 2h8" };
// The signs on a line: how far along it, which, and in which style.
function signsOf(edge, mark) {
  const signs = [];
  if (edges.says[edge] === SAYS.unapproved) signs.push([data.drawing.marked, "cross", "breach", "mark"]);
  if (droppedAt(edge).length || mark.stop) signs.push([data.drawing.stopped, "stop", "question", "mark stop"]);
  if (mark.sign) signs.push([data.drawing.pointed, mark.sign, mark.colour, `mark ${mark.sign}`]);
  return signs;
}

function wrapped(label, perLine = data.drawing.perLine, longest = data.drawing.longest, most = data.drawing.lines) {
  const all = [];
  for (const part of label.split(/\s+/).filter(Boolean)) {
    const last = all.length - 1;
    if (last >= 0 && [...all[last]].length + 1 + [...part].length <= perLine) all[last] += ` ${part}`;
    else all.push(part);
  }
  const cut = all.slice(0, most).map((line) => {
    const letters = [...line];
    return letters.length <= longest ? line : `${letters.slice(0, longest - 1).join("")}…`;
  });
  if (all.length > most && !cut[most - 1].endsWith("…")) cut[most - 1] = `${[...cut[most - 1]].slice(0, perLine - 1).join("")}…`;
  return cut;
}

// How lines run: as graphsc/drawing/lines.py has it, a soft S, and around whatever stands in the rows between. A line is
// cubic curves one after the other, each beginning where the one before ends.
function rowsOf(places) {
  const rows = new Map();
  for (const [x, y] of places) rows.has(y) ? rows.get(y).push(x) : rows.set(y, [x]);
  for (const row of rows.values()) row.sort((one, other) => one - other);
  return { rows, heights: [...rows.keys()].sort((one, other) => one - other) };
}

function firstFrom(sorted, least) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lineBetween({ rows, heights }, [x1, y1], [x2, y2], label) {
  if (y1 === y2) {
    const height = y1 - 28 - Math.min(40, Math.floor(Math.abs(x2 - x1) / 8));
    return [x1, y1, x1, height, x2, height, x2, y2];
  }
  const { radius, above, below } = data.drawing;
  const beside = [y1, y2];
  const crossed = heights.slice(firstFrom(heights, Math.min(y1, y2) + 1), firstFrom(heights, Math.max(y1, y2)));
  const down = y2 > y1;
  if (down) y1 += radius + 7 + data.drawing.line * label;
  const line = [x1, y1];
  const curve = (x, y) => {
    const [fromX, fromY] = line.slice(-2), half = (fromY + y) / 2;
    line.push(fromX, half, x, half, x, y);
  };
  const upright = (x, from, to) => line.push(x, from, x, to, x, to);
  if (![...crossed, ...beside].some((row) => runsThrough(rows.get(row), row, beside.includes(row), x1, y1, x2, y2))) {
    curve(x2, y2);
    return line;
  }
  const [enter, leave] = down ? [-above, below] : [below, -above];
  let x = x1, y = y1;
  if (!down) {
    y -= above;
    upright(x, y1, y);
  }
  for (const row of down ? crossed : crossed.reverse()) {
    x = freeIn(rows.get(row), x + Math.floor(((x2 - x) * (row - y)) / (y2 - y)));
    y = row + leave;
    curve(x, row + enter);
    upright(x, row + enter, y);
  }
  curve(x2, y2 + enter);
  upright(x2, y2 + enter, y2);
  return line;
}

// Whether a soft S runs through a node of a row, in which so many of its ends stand.
function runsThrough(row, level, ends, x1, y1, x2, y2) {
  const { radius, near } = data.drawing;
  const xs = [-radius, 0, radius].map((aside) => crossingAt(x1, y1, x2, y2, level + aside));
  return row[firstFrom(row, Math.min(...xs) - near) + ends] <= Math.max(...xs) + near;
}

function freeIn(row, wanted) {
  const after = firstFrom(row, wanted);
  const near = row.slice(Math.max(0, after - 1), after + 1);
  const nearest = near.length > 1 && near[1] - wanted < wanted - near[0] ? near[1] : near[0];
  if (Math.abs(nearest - wanted) >= data.drawing.aside) return wanted;
  return wanted < nearest ? nearest - data.drawing.aside : nearest + data.drawing.aside;
}

function crossingAt(x1, y1, x2, y2, y) {
  const part = (y - y1) / (y2 - y1);
  let low = 0, high = 1;
  for (let halving = 0; halving < 12; halving++) {
    const middle = (low + high) / 2;
    if (middle * (1.5 - middle * (1.5 - middle)) < part) low = middle;
    else high = middle;
  }
  return x1 + (x2 - x1) * low * low * (3 - 2 * low);
}

const curvesOf = (line) => (line.length - 2) / 6;
function pointOn(line, along) {
  const curves = curvesOf(line), first = Math.min(Math.floor(along * curves), curves - 1);
  const part = along * curves - first, rest = 1 - part;
  const weights = [rest ** 3, 3 * rest ** 2 * part, 3 * rest * part ** 2, part ** 3];
  let x = 0, y = 0;
  weights.forEach((weight, place) => {
    x += weight * line[6 * first + 2 * place];
    y += weight * line[6 * first + 2 * place + 1];
  });
  return [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
}

const signOf = (amount) => (amount === 1 ? "!" : amount > 9 ? "9+" : String(amount));

// What is drawn of a node beside its name: its findings that count now, what the lens adds, whether it is dimmed.
// Worked out once for each look, since painting asks many times a second.
let known = new Map();
function marksOf(node) {
  if (!known.has(node)) {
    const findings = findingsAt(node).filter((finding) => counts(finding) && there("findings", finding));
    known.set(node, { worst: worstOf(findings), amount: findings.length, ...lensMarks(node) });
  }
  return known.get(node);
}
