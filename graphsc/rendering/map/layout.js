// Where things lie: the same as graphsc/drawing/layout.py, figure by figure.
const UNIT = 1 << 20;

function layOut(lanes, ties, spacing) {
  const count = lanes.length;
  const above = lanes.map(() => []), below = lanes.map(() => []), along = new Array(count).fill(0);
  for (const [one, other] of ties) {
    if (lanes[one] === lanes[other]) continue;
    const [upper, lower] = lanes[one] < lanes[other] ? [one, other] : [other, one];
    below[upper].push(lower);
    above[lower].push(upper);
  }
  const byLane = new Map();
  lanes.forEach((lane, node) => (byLane.has(lane) ? byLane.get(lane).push(node) : byLane.set(lane, [node])));
  const order = [...byLane].sort((one, other) => one[0] - other[0]);
  const note = (row) => row.forEach((node, rank) => (along[node] = Math.floor(((2 * rank + 1) * UNIT) / (2 * row.length))));
  order.forEach(([, row]) => note(row));

  function sort(row, near) {
    const mean = new Map();
    for (const node of row) {
      let sum = 0;
      for (const other of near[node]) sum += along[other];
      mean.set(node, near[node].length ? sum / near[node].length : along[node]);
    }
    row.sort((one, other) => mean.get(one) - mean.get(other) || along[one] - along[other] || one - other);
    note(row);
  }
  for (let sweep = 0; sweep < data.drawing.sweeps; sweep++) {
    const downward = sweep % 2 === 0;
    for (const [, row] of downward ? order : [...order].reverse()) sort(row, downward ? above : below);
  }
  for (let pass = 0; pass < data.drawing.passes; pass++) order.forEach(([, row]) => transpose(row, above, below, along, note));
  return placed(order, count, above, below, spacing);
}

function transpose(row, above, below, along, note) {
  const ends = new Map(
    row.map((node) => [node, [above, below].map((near) => near[node].map((other) => along[other]).sort((a, b) => a - b))]),
  );
  for (let left = 0; left + 1 < row.length; left++) {
    const one = ends.get(row[left]), other = ends.get(row[left + 1]);
    const asIs = crossings(one[0], other[0]) + crossings(one[1], other[1]);
    if (asIs > crossings(other[0], one[0]) + crossings(other[1], one[1])) {
      [row[left], row[left + 1]] = [row[left + 1], row[left]];
    }
  }
  note(row);
}

// How often lines of the left of two neighbours cross lines of the right; their other ends in order.
function crossings(left, right) {
  let sum = 0;
  for (const end of left) {
    let low = 0, high = right.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (right[middle] < end) low = middle + 1;
      else high = middle;
    }
    sum += low;
  }
  return sum;
}

function placed(order, count, above, below, spacing) {
  const widest = Math.max(0, ...order.map(([, row]) => row.length));
  const square = Math.floor((2 * count * spacing.row) / spacing.column);
  const columns = Math.max(1, Math.min(widest, Math.max(spacing.least, Math.floor(Math.sqrt(square)) + 1)));
  const width = columns * spacing.column;
  const x = new Array(count).fill(0), y = new Array(count).fill(0), lanes = [];
  let top = 0;
  for (const [number, row] of order) {
    const rows = Math.ceil(row.length / columns);
    const used = Math.ceil(row.length / rows);
    const step = rows > 1 ? spacing.column : Math.floor(width / used);
    const left = Math.floor((width - step * (used - 1)) / 2);
    row.forEach((node, rank) => {
      const down = rank % rows;
      const stagger = rows === 1 ? 0 : Math.floor(spacing.column / 4) * (down % 2 ? 1 : -1);
      x[node] = left + Math.floor(rank / rows) * step + stagger;
      y[node] = top + spacing.head + down * spacing.row;
    });
    const bottom = top + spacing.head + rows * spacing.row - spacing.foot;
    lanes.push({ number, top, bottom, count: row.length });
    top = bottom;
  }
  const single = order.map(([, row]) => row).filter((row) => row.length <= columns);
  for (const direction of data.drawing.aligned) {
    for (const row of direction > 0 ? single : [...single].reverse()) {
      align(row, direction > 0 ? above : below, x, spacing.column, width);
    }
  }
  return { x, y, lanes, width, height: top };
}

// Neighbours that want to pass each other are pooled and share the mean of what they want.
function align(row, near, x, column, width) {
  const pools = [];
  row.forEach((node, rank) => {
    let sum = 0;
    for (const other of near[node]) sum += x[other];
    const wanted = near[node].length ? Math.floor(sum / near[node].length) : x[node];
    let pool = [wanted - rank * column, 1];
    while (pools.length) {
      const before = pools[pools.length - 1];
      if (Math.floor(before[0] / before[1]) < Math.floor(pool[0] / pool[1])) break;
      pools.pop();
      pool = [before[0] + pool[0], before[1] + pool[1]];
    }
    pools.push(pool);
  });
  const least = Math.floor(column / 2), most = width - Math.floor(column / 2) - (row.length - 1) * column;
  let rank = 0;
  for (const [total, size] of pools) {
    const start = Math.min(Math.max(Math.floor(total / size), least), most);
    for (let member = 0; member < size; member++, rank++) x[row[rank]] = start + rank * column;
  }
}
