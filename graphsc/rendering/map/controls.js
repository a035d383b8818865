// What a person does, and what then changes.
function change(changes) {
  Object.assign(state, { link: -1 }, changes);
  followRequirement();
  fall();
  settle();
  remember();
}
let ours = null;

// The address follows the state. How many views lie behind this one stands in the history, so that Back stays on the page;
// to select something in a view makes no new view.
function remember(same) {
  const next = address();
  if (next === location.hash.replace(/^#/, "")) return;
  ours = next;
  if (same) {
    history.replaceState(history.state, "", `#${next}`);
    return;
  }
  const behind = (history.state?.behind ?? 0) + 1;
  location.hash = next;
  history.replaceState({ behind }, "");
  fillBack();
}
const goBack = () => history.state?.behind > 0 && history.back();
function fillBack() {
  const back = byId("back"), last = !(history.state?.behind > 0);
  if (last && document.activeElement === back) board.focus();  // focus would fall from a button that is disabled
  back.disabled = last;
}

// The first view: nothing chosen, nothing lost, nothing filtered away.
function startAgain() {
  change({ ...initial(), lens: "chain" });
  fillFilters();
  fillOutlines();
  fitView();
}

// What a person looks for must not be filtered away unseen.
function unfilter(those) {
  if (those.every(passes)) return;
  state.filters = noFilters();
  fillFilters();
}

function focusOn(those) {
  unfilter(those);
  change({ focus: those, way: [], finding: -1, everything: false, list: "", record: null, selected: those.length === 1 ? those[0] : -1 });
  fitView();
}

function goToFinding(place) {
  const those = nodesOf(place);
  unfilter(those);
  change({ focus: those, way: [], finding: place, everything: false, list: "", record: null, selected: those.length === 1 ? those[0] : -1 });
  fitView();
  byId("panel").scrollTop = 0;
  byId("panel").focus();
}

// Point at a node: if the view lacks it, its own chain is shown instead.
function select(node, move) {
  if (state.from >= 0 && node >= 0 && node !== state.from && !isBox(node)) {
    showWay(state.from, node);
    return;
  }
  if (node >= 0 && !view.place.has(node)) {
    focusOn([node]);
  } else {
    state.selected = node;
    state.link = -1;
    lightUp();
    fillPanel();
    fillChips();
    remember(true);
    chart.redraw();
    if (node >= 0) show(node);
  }
  byId("panel").scrollTop = 0;
  if (node >= 0) {
    const amount = findingsAt(node).filter((place) => counts(place) && there("findings", place)).length;
    say([nameOf(node), kindOf(node), levelOf(node), amount ? `${amount} ${word("findings").toLocaleLowerCase(language)}` : ""].filter(Boolean).join(", "));
    if (move) byId("panel").focus();
  }
}

// Point at a link: the panel says what it is, who watches it, and what is wrong with it.
function showLink(edge, move) {
  state.link = edge;
  fillPanel();
  fillChips();
  remember();
  chart.redraw();
  byId("panel").scrollTop = 0;
  if (move) byId("panel").focus();
  if (edge >= 0) say(`${nameOf(edges.source[edge])}: ${saysOf(edge)} ${nameOf(edges.target[edge])}`);
}

function toggleLost(dependency, only) {
  if (!state.lost.delete(dependency) || only) state.lost.add(dependency);
  change({ lens: "risk" });
  const hit = [...fallen.nodes].filter((node) => nodes.kind[node] <= KIND.system).length;
  say(`${word("falls")}: ${hit}`);
}

function follow(place) {
  const root = place < 0 ? -1 : data.requirements[place][1];
  const those = root < 0 ? [] : [...new Set(links.delivering(root).map((edge) => edges.target[edge]))];
  change({ requirement: place, focus: those, way: [], finding: -1, list: "", record: null, everything: false, selected: -1 });
  fitView();
}

// Bring everything in line with the state.
function settle() {
  look();
  if (!view.edges.includes(state.link)) state.link = -1;
  if (!view.place.has(state.selected)) state.selected = -1;
  known = new Map();
  fillListed();
  lightUp();
  fillAnswer();
  fillPanel();
  fillTable();
  fillShown();
  fillReach();
  fillChips();
  widen();
  fillLegend();
  for (const button of byId("lenses").children) button.setAttribute("aria-pressed", String(button.value === state.lens));
  byId("all").setAttribute("aria-pressed", String(state.everything));
  chart.redraw();
}

function fillShown() {
  const shown = `${word("shown")} ${number(view.nodes.length)} ${word("of")} ${number(nodeCount)}`;
  const gathered = view.nodes.some(isBox) && `${number(view.nodes.reduce((sum, node) => sum + membersOf(node).length, 0))} ${word("gathered")} ${number(view.nodes.length)}`;
  byId("shown").textContent = view.nodes.length ? gathered || shown : word("none");
}

// What shapes the view, each with a button that takes it away.
function fillChips() {
  const chips = [];
  const chip = (label, clear, stays) => chips.push(el("li", {}, el("button", { type: "button", class: "chip", onclick: () => {
    clear();
    change({});
    fillFilters();
    fillOutlines();
    if (!stays) fitView();
    (byId("chips").querySelector("button") ?? board).focus();
  } }, named(label), el("span", { "aria-hidden": "true" }, " ✕"), el("span", { class: "unseen" }, `: ${word("remove")}`))));
  const { filters } = state;
  if (state.lens !== "chain") chip(word(state.lens), () => Object.assign(state, { lens: "chain", date: -1, compared: -1 }));
  if (state.everything) chip(word("all"), () => (state.everything = false));
  if (chosenAside()) chip(nameOf(state.selected), () => (state.selected = -1), true);
  if (state.link >= 0) chip(`${nameOf(edges.source[state.link])} → ${nameOf(edges.target[state.link])}`, () => (state.link = -1), true);
  if (state.finding >= 0) chip(data.findings[state.finding].code, () => Object.assign(state, { focus: [], finding: -1 }));
  else if (state.focus.length && !state.record) chip(state.focus.map(nameOf).join(", "), () => Object.assign(state, { focus: [], selected: -1 }));
  if (state.way.length) chip(state.way.map(nameOf).join(" → "), () => (state.way = []));
  if (state.from >= 0) chip(`${word("wayFrom")} ${nameOf(state.from)}`, () => (state.from = -1));
  if (state.record) chip(recordName(state.record), () => Object.assign(state, { record: null, focus: [] }));
  if (state.list) chip(word(`${state.list}List`), () => (state.list = ""));
  for (const id of state.open) if (boxes.has(id)) chip(`${word("opened")}: ${nameOf(boxes.get(id))}`, () => state.open.delete(id));
  for (const dependency of state.lost) chip(`${word("lost")}: ${dependencyName(dependency)}`, () => state.lost.delete(dependency));
  if (state.requirement >= 0) chip(text(data.requirements[state.requirement][0]), () => (state.requirement = -1));
  if (state.watcher >= 0) chip(nameOf(state.watcher), () => (state.watcher = -1));
  if (state.date >= 0) chip(dateOf(data.dates.dates[state.date]), () => (state.date = -1));
  if (state.compared >= 0) chip(`${word("compared")} ${dateOf(data.dates.dates[state.compared])}`, () => (state.compared = -1));
  for (const place of state.outlines) chip(text(data.outlines[place][1]), () => state.outlines.delete(place));
  for (const kind of filters.kinds) chip(text(data.names.kinds[kind]), () => filters.kinds.delete(kind));
  for (const level of filters.levels) chip(level < 0 ? word("unknown") : text(data.names.levels[level]), () => filters.levels.delete(level));
  if (filters.country) chip(countryName(filters.country), () => (filters.country = ""));
  if (filters.tier !== "") chip(laneName(Number(filters.tier)), () => (filters.tier = ""));
  if (filters.outline >= 0) chip(text(data.outlines[filters.outline][1]), () => (filters.outline = -1));
  if (filters.only) chip(word("onlyFindings"), () => (filters.only = false));
  byId("chips").replaceChildren(...chips);
  byId("chips").hidden = !chips.length;
}

function fillLenses() {
  byId("lenses").replaceChildren(...lenses().map((lens) =>
    el("button", { type: "button", value: lens, "aria-pressed": String(lens === state.lens), onclick: () => {
      change({ lens, ...(lens === "time" ? {} : { date: -1, compared: -1 }) });
      if (lens === "time") fitView();
      say(word(lens));
    } }, word(lens))));
}

function fillFilters() {
  const { filters } = state;
  const box = byId("filters");
  const group = (key, values, label, set) => el("fieldset", {}, el("legend", {}, word(key)), values.map((value) => {
    const input = el("input", { type: "checkbox" });
    input.checked = set.has(value);
    input.addEventListener("change", () => {
      if (input.checked) set.add(value);
      else set.delete(value);
      refilter();
    });
    return el("label", {}, input, " ", label(value));
  }));
  const choice = (key, property, options, empty) => {
    const chosen = el("select", {}, el("option", { value: String(empty) }, word("everyone")), options.map(([value, label]) => el("option", { value: String(value) }, label)));
    chosen.value = String(filters[property]);
    chosen.addEventListener("change", () => {
      filters[property] = property === "outline" ? Number(chosen.value) : chosen.value;
      refilter();
    });
    return options.length > 0 && el("label", {}, word(key), " ", chosen);
  };
  const only = el("input", { type: "checkbox" });
  only.checked = filters.only;
  only.addEventListener("change", () => {
    filters.only = only.checked;
    refilter();
  });
  const distinct = (values) => [...new Set(values)];
  const countries = distinct(nodes.country).filter(Boolean).map((code) => [code, countryName(code)]).sort((one, other) => one[1].localeCompare(other[1], language));
  const tiers = distinct(nodes.lane).sort((one, other) => one - other).map((lane) => [lane, laneName(lane)]);
  box.replaceChildren(
    el("label", {}, only, " ", word("onlyFindings")),
    group("kind", distinct(nodes.kind).sort((one, other) => one - other), (kind) => text(data.names.kinds[kind]), filters.kinds),
    group("criticality", distinct(nodes.level).sort((one, other) => one - other), (level) => (level < 0 ? word("unknown") : text(data.names.levels[level])), filters.levels),
    choice("lane", "tier", tiers, ""), choice("country", "country", countries, ""),
    choice("within", "outline", data.outlines.map(([, label], place) => [place, text(label)]), -1),
    el("button", { type: "button", onclick: () => {
      state.filters = noFilters();
      fillFilters();
      refilter();
      box.parentElement.querySelector("summary").focus();
    } }, word("clear")));
  for (const child of [...box.childNodes]) if (!(child instanceof Element)) child.remove();
}

function refilter() {
  change({});
  fitView();
  say(byId("shown").textContent);
}

function fillOutlines() {
  byId("outlines").replaceChildren(...["group", "framework"].map((sort) => el("fieldset", {}, el("legend", {}, word(`${sort}s`)),
    data.outlines.flatMap(([kind, label], place) => {
      if (kind !== sort) return [];
      const input = el("input", { type: "checkbox" });
      input.checked = state.outlines.has(place);
      input.addEventListener("change", () => {
        if (input.checked) state.outlines.add(place);
        else state.outlines.delete(place);
        change({});
      });
      return [el("label", {}, input, " ", named(text(label)))];
    }))));
}
