// The picture on the screen: vis-network holds the nodes, pans, zooms and finds what is pointed at; we paint.
const things = new vis.DataSet([]);
const board = byId("canvas");
const nothing = ({ id }) => ({ drawNode: () => id, nodeDimensions: { width: 3.4 * data.drawing.radius, height: 3.4 * data.drawing.radius } });
const chart = new vis.Network(board, { nodes: things, edges: new vis.DataSet([]) }, {
  physics: false,
  layout: { improvedLayout: false },
  nodes: { shape: "custom", ctxRenderer: nothing, chosen: false, fixed: true },
  interaction: { dragNodes: false, hover: false, keyboard: false, multiselect: false, selectConnectedEdges: false, tooltipDelay: 3e8 },
});

chart.on("beforeDrawing", (context) => {
  if (!view) return;
  const half = board.clientWidth / 2 / chart.getScale(), high = board.clientHeight / 2 / chart.getScale();
  const { x: middle, y: level } = chart.getViewPosition();
  view.left = Math.min(0, middle - half);
  view.right = Math.max(view.width, middle + half);
  view.top = level - high;
  view.bottom = level + high;
  paintMoved(context, view, chart.getScale(), { left: middle - half, right: middle + half, top: view.top, bottom: view.bottom });
});

chart.on("click", ({ nodes: hit, pointer }) => {
  select(hit.length ? hit[0] : -1, false);
  if (hit.length && matchMedia(NARROW).matches) byId("panel").scrollIntoView({ block: "nearest" });
  if (!hit.length) showLink(edgeAt(pointer.canvas));
});

// The edge that is nearest to a place, if any is near.
function edgeAt({ x, y }) {
  let best = -1, least = (8 / chart.getScale()) ** 2;
  for (const edge of view.edges) {
    const line = view.line(edge);
    for (let part = 0; part <= 1; part += 1 / (32 * curvesOf(line))) {
      const [atX, atY] = pointOn(line, part);
      const distance = (atX - x) ** 2 + (atY - y) ** 2;
      if (distance < least) [best, least] = [edge, distance];
    }
  }
  return best;
}

// Whatever the pointer rests on stands out with what it is tied to, and its whole name is said; not in a crowd from afar.
let hovered = -1;
const toldApart = () => view.edges.length <= CROWD || chart.getScale() >= 0.3;
function hover(node) {
  if (node === hovered) return;
  hovered = node;
  board.title = node < 0 ? "" : nameOf(node);
  lightUp();
  chart.redraw();
}
board.addEventListener("pointermove", ({ pointerType, buttons, offsetX: x, offsetY: y }) => pointerType === "mouse" && !buttons && hover((toldApart() ? chart.getNodeAt({ x, y }) : undefined) ?? -1));
board.addEventListener("pointerleave", () => hover(-1));
chart.on("doubleClick", ({ nodes: hit }) => hit.length && (isBox(hit[0]) ? openBox(hit[0]) : focusOn([hit[0]])));

// Give vis-network what is shown now: only what changed is added, moved or taken away.
function placeThings() {
  const gone = things.getIds().filter((id) => !view.place.has(id));
  if (gone.length) things.remove(gone);
  const moved = [];
  for (const node of view.nodes) {
    const [x, y] = view.place.get(node);
    const old = things.get(node);
    if (!old || old.x !== x || old.y !== y) moved.push({ id: node, x, y });
  }
  if (moved.length) things.update(moved);
}

// A part of the picture that is narrower than the window takes the width that there is, so that there is room for their names.
function widen() {
  const height = board.clientHeight - document.querySelector(".foot").offsetHeight - 12;
  const scale = Math.min(largest(), Math.max(READABLE, height / Math.max(1, view.height)));  // that it will be shown at
  view.widen(state.everything ? 1 : Math.min(WIDEST, Math.max(1, board.clientWidth / (scale * view.narrow))));
  placeThings();
}

// Fit the whole into the window, above the buttons; what is too large to be read is shown from its top instead.
function fitView() {
  chart.setSize("100%", "100%");  // what stands above the picture may just have come or gone
  const foot = document.querySelector(".foot").offsetHeight + 12;
  const width = board.clientWidth, height = board.clientHeight - foot;
  if (!view || width <= 0 || height <= 0) return;
  widen();
  const byWidth = (width - ROOM) / view.width;
  const whole = Math.min(byWidth, (height - ROOM) / Math.max(1, view.height));
  const least = view.nodes.length <= FEW ? READABLE : Math.min(READABLE, byWidth);
  const scale = Math.min(largest(), Math.max(whole, least));
  const [x] = view.place.get(state.selected) ?? [view.width / 2];
  const across = view.width * scale <= width ? view.width / 2 : Math.min(Math.max(x, width / 2 / scale), view.width - width / 2 / scale);
  const down = view.height * scale <= height ? view.height / 2 : height / 2 / scale;
  chart.moveTo({ scale, position: { x: across, y: down + foot / 2 / scale } });
}
const ROOM = 20, READABLE = 0.5, FEW = 60, WIDEST = 1.8, NARROW = "(max-width: 60rem)";
const rem = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
const largest = () => 1.2 * rem();

function show(node) {
  if (!view.place.has(node)) return;
  const [x, y] = view.place.get(node);
  const at = chart.canvasToDOM({ x, y });
  const inside = at.x > 40 && at.y > 40 && at.x < board.clientWidth - 40 && at.y < board.clientHeight - 60;
  if (!inside) chart.moveTo({ position: { x, y }, scale: Math.max(chart.getScale(), 0.6) });
}

// How far out and in the picture can be seen: never so small that it is lost, never so large that nothing is in sight.
const bounded = (scale) => {
  const whole = Math.min(board.clientWidth / view.width, board.clientHeight / Math.max(1, view.height));
  return Math.min(3 * rem(), Math.max(Math.min(0.5 * whole, 0.3), scale));
};
const zoom = (factor) => chart.moveTo({ scale: bounded(chart.getScale() * factor) });

// A wheel zooms about the pointer, two fingers on a trackpad move the picture, and a pinch zooms; the middle stays in it.
board.addEventListener("wheel", (event) => {
  event.preventDefault();
  event.stopPropagation();
  const scale = chart.getScale(), middle = chart.getViewPosition();
  const step = event.deltaMode === 1 ? 33 : 1;
  const trackpad = event.deltaMode === 0 && (event.deltaX !== 0 || Math.abs(event.deltaY) < 40);
  if (trackpad && !event.ctrlKey) {
    moveWithin({ x: middle.x + event.deltaX / scale, y: middle.y + event.deltaY / scale }, scale);
    return;
  }
  const speed = event.ctrlKey ? 0.01 : 0.0015;
  const next = bounded(scale * Math.exp(-Math.max(-120, Math.min(120, event.deltaY * step)) * speed));
  const box = board.getBoundingClientRect();
  const at = chart.DOMtoCanvas({ x: event.clientX - box.left, y: event.clientY - box.top });
  moveWithin({ x: at.x + ((middle.x - at.x) * scale) / next, y: at.y + ((middle.y - at.y) * scale) / next }, next);
}, { capture: true, passive: false });
function moveWithin({ x, y }, scale) {
  chart.moveTo({ scale, position: { x: Math.min(view.width, Math.max(0, x)), y: Math.min(view.height, Math.max(0, y)) } });
}
chart.on("zoom", ({ scale }) => bounded(scale) !== scale && chart.moveTo({ scale: bounded(scale) }));
chart.on("dragEnd", () => moveWithin(chart.getViewPosition(), chart.getScale()));

// The nearest node in a direction, for arrow keys.
function neighbour(from, across, down) {
  const [x, y] = view.place.get(from);
  let best = -1, least = Infinity;
  for (const [node, [otherX, otherY]] of view.place) {
    const dx = otherX - x, dy = otherY - y;
    const forward = across ? dx * across : dy * down, aside = across ? Math.abs(dy) : Math.abs(dx);
    if (forward <= 0 || (across && aside > 20)) continue;
    const distance = across ? forward : forward * 4 + aside;
    if (distance < least) [best, least] = [node, distance];
  }
  return best;
}

board.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const first = () => [...view.nodes].sort((one, other) => view.place.get(one)[1] - view.place.get(other)[1] || view.place.get(one)[0] - view.place.get(other)[0])[0];
  if (moves[event.key]) {
    const from = view.place.has(state.selected) ? state.selected : -1;
    const to = from < 0 ? first() : neighbour(from, ...moves[event.key]);
    if (to !== undefined && to >= 0) select(to, false);
  } else if (event.key === "Enter" && isBox(state.selected)) openBox(state.selected);
  else if (event.key === "Enter" && state.selected >= 0) byId("panel").focus();
  else if (event.key.toLowerCase() === "f" && state.selected >= 0 && !isBox(state.selected)) focusOn([state.selected]);
  else if (event.key === "+") zoom(1.25);
  else if (event.key === "-") zoom(0.8);
  else if (event.key === "0") fitView();
  else if (event.key === "Escape") (state.selected >= 0 && state.focus[0] !== state.selected ? select(-1, false) : goBack());
  else return;
  event.preventDefault();
});
