// Who falls when someone falls: the least fixpoint, as graphsc.analysis.resilience.failed has it. Each entry of needs is
// how many of its needs must fail for a node to fail (0: it needs nothing), and then which these are.
function failed(needs, lost) {
  const left = needs.map((entry) => entry[0]);
  const above = needs.map(() => []);
  needs.forEach((entry, node) => {
    for (let place = 1; place < entry.length; place++) above[entry[place]].push(node);
  });
  const down = new Set(lost);
  const open = [...down];
  while (open.length) {
    for (const upper of above[open.pop()]) {
      left[upper] -= 1;
      if (left[upper] === 0 && !down.has(upper)) {
        down.add(upper);
        open.push(upper);
      }
    }
  }
  return down;
}

const dependencyOf = new Map();
data.dependencies.node.forEach((node, dependency) => {
  if (node >= 0) dependencyOf.set(node, dependency);
});
