// Geometry that canvas and SVG share, as graphsc/drawing/svg.py has it.
const DIRECTED = new Set([SAYS.depends, SAYS.supervises, SAYS.operates]);
const MARK = 7;
const SIGNS = { cross: "M-3.5 -3.5l7 7m0 -7l-7 7", stop: "M-4 0h8", came: "M-4 0h8M0 -4v8", went: "M-4 0h8", changed: "M-4 -2h8M-4 2h8" };
// The signs on a line: how far along it, which, and in which style.
function signsOf(edge, mark) {
  const signs = [];
  if (edges.says[edge] === SAYS.unapproved) signs.push([told.drawing.marked, "cross", "violation", "mark"]);
  if (droppedAt(edge).length || mark.stop) signs.push([told.drawing.stopped, "stop", "warning", "mark stop"]);
  if (mark.sign) signs.push([told.drawing.pointed, mark.sign, mark.colour, `mark ${mark.sign}`]);
  return signs;
}

function wrapped(label) {
  const { perLine, longest, lines: most } = told.drawing;
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

// The line between two nodes: a soft S from beneath the upper one's label, or an arc above a row.
function lineBetween([x1, y1], [x2, y2], label) {
  if (y1 === y2) {
    const height = y1 - 28 - Math.min(40, Math.floor(Math.abs(x2 - x1) / 8));
    return [x1, y1, x1, height, x2, height, x2, y2];
  }
  if (y2 > y1) y1 += told.drawing.radius + 7 + told.drawing.line * label;
  const half = (y1 + y2) / 2;
  return [x1, y1, x1, half, x2, half, x2, y2];
}

function pointOn(line, part) {
  const rest = 1 - part;
  const weights = [rest ** 3, 3 * rest ** 2 * part, 3 * rest * part ** 2, part ** 3];
  let x = 0, y = 0;
  weights.forEach((weight, place) => {
    x += weight * line[2 * place];
    y += weight * line[2 * place + 1];
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
