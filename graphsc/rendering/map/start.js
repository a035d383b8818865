// Search, language, saving, and the first look.
const search = byId("search"), hits = byId("hits");
let results = [], active = -1;

// Everything that has a name or an id: things, agreements, people, roles and findings.
function* soughtNodes() {
  for (let node = 0; node < nodeCount; node++) yield { name: nameOf(node), ids: `${nodes.id[node]} ${nodes.cvr[node] ?? ""}`, note: kindOf(node), order: nodes.lane[node], go: () => (state.from < 0 ? focusOn([node]) : showWay(state.from, node)) };
}
function* sought() {
  yield* soughtNodes();
  for (const sort of ["agreement", "person", "role"]) {
    for (let place = 0; place < RECORDS[sort].length; place++) {
      const [id, label] = RECORDS[sort][place];
      yield { name: text(label), ids: id, note: word(sort), order: 100, go: () => showRecord({ sort, place }) };
    }
  }
}
function lookUp() {
  const wanted = search.value.trim().toLocaleLowerCase(language);
  results = [];
  active = -1;
  const toThing = state.from >= 0;
  if (wanted) {
    for (const one of toThing ? soughtNodes() : sought()) {
      const at = one.name.toLocaleLowerCase(language).indexOf(wanted);
      const score = at === 0 ? 0 : at > 0 ? 1 : one.ids.toLocaleLowerCase(language).includes(wanted) ? 2 : -1;
      if (score >= 0) results.push({ ...one, score });
    }
    results.sort((one, other) => one.score - other.score || one.order - other.order);
    results = results.slice(0, 11);
    if (!toThing) data.findings.forEach((finding, place) => {
      const match = `${finding.code} ${text(finding.message)}`.toLocaleLowerCase(language).includes(wanted);
      if (match && results.length < 15 && there("findings", place)) results.push({ name: `${finding.code}: ${text(finding.message)}`, go: () => goToFinding(place) });
    });
  }
  const items = results.map((one, place) => {
    const item = el("li", { id: `hit-${place}`, role: "option", "aria-selected": "false" }, named(one.name), one.note && el("span", { class: "soft" }, ` – ${one.note}`));
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      pick(place);
    });
    return item;
  });
  if (wanted && !items.length) items.push(el("li", { role: "option", "aria-selected": "false", "aria-disabled": "true" }, word("noHits")));
  hits.replaceChildren(...items);
  hits.hidden = !wanted;
  search.setAttribute("aria-expanded", String(!hits.hidden));
  search.removeAttribute("aria-activedescendant");
  if (wanted) say(`${results.length} ${word("hits")}`);
}

function pick(place) {
  closeHits();
  results[place].go();
  byId("panel").focus();
}

function closeHits() {
  hits.hidden = true;
  search.setAttribute("aria-expanded", "false");
  search.removeAttribute("aria-activedescendant");
}

search.addEventListener("input", lookUp);
search.addEventListener("blur", closeHits);
search.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeHits();
  else if (event.key === "Enter" && results.length && !hits.hidden) pick(Math.max(0, active));
  else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && results.length && !hits.hidden) {
    active = (active + (event.key === "ArrowDown" ? 1 : -1) + results.length) % results.length;
    [...hits.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === active)));
    search.setAttribute("aria-activedescendant", `hit-${active}`);
    hits.children[active].scrollIntoView({ block: "nearest" });
  } else return;
  event.preventDefault();
});

function speak() {
  document.documentElement.lang = language;
  document.querySelectorAll("[data-say]").forEach((element) => (element.textContent = word(element.dataset.say)));
  document.querySelectorAll("[data-label]").forEach((element) => element.setAttribute("aria-label", word(element.dataset.label)));
  document.querySelectorAll("[data-hint]").forEach((element) => element.setAttribute("placeholder", word(element.dataset.hint)));
  byId("language").lang = language === "da" ? "en" : "da";
  byId("title").textContent = text(data.title);
  byId("as-of").textContent = dateOf(data.asOf);
  document.title = `${word("map")}: ${text(data.title)}`;
  fillLenses();
  fillFilters();
  fillOutlines();
}

byId("language").addEventListener("click", () => {
  language = language === "da" ? "en" : "da";
  speak();
  change({});
});
byId("start").addEventListener("click", startAgain);
byId("back").addEventListener("click", goBack);
byId("all").addEventListener("click", () => {
  change({ focus: [], way: [], finding: -1, list: "", record: null, everything: !state.everything, selected: -1 });
  fitView();
});
byId("fit").addEventListener("click", fitView);
byId("closer").addEventListener("click", () => zoom(1.25));
byId("farther").addEventListener("click", () => zoom(0.8));

function keep(blob, ending) {
  const link = el("a", { href: URL.createObjectURL(blob), download: `graphsc-${data.asOf}.${ending}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
function svgText() {
  const picture = svgOf(view, true);
  picture.prepend(svgElement("style", {}, byId("drawing").textContent));
  return new XMLSerializer().serializeToString(picture);
}
byId("svg").addEventListener("click", () => keep(new Blob([svgText()], { type: "image/svg+xml" }), "svg"));
byId("png").addEventListener("click", () => {
  const image = new Image();
  image.addEventListener("load", () => {
    URL.revokeObjectURL(image.src);
    const most = 8192, scale = Math.min(2, most / image.width, most / image.height);
    const canvas = el("canvas", { width: Math.ceil(image.width * scale), height: Math.ceil(image.height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => keep(blob, "png"));
  });
  image.src = URL.createObjectURL(new Blob([svgText()], { type: "image/svg+xml" }));
});
byId("print").addEventListener("click", () => window.print());
byId("link").addEventListener("click", async () => {
  const url = `${location.href.split("#")[0]}#${address()}`;
  try {
    await navigator.clipboard.writeText(url);
    say(word("copied"));
  } catch {
    window.prompt(word("link"), url);
  }
});
window.addEventListener("beforeprint", () => {
  byId("paper").replaceChildren(svgOf(view, false));
  document.querySelectorAll("#panel .more").forEach((button) => button.click());
  document.querySelectorAll("#panel details").forEach((box) => (box.open = true));
  fillTable(true);
});
window.addEventListener("afterprint", () => byId("paper").replaceChildren());

window.addEventListener("hashchange", () => {
  const now = location.hash.replace(/^#/, "");
  if (now === ours || (now && !now.includes("="))) return;
  ours = now;
  arrive(location.hash);
  fillBack();
  speak();
  followRequirement();
  fall();
  settle();
  fitView();
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  fillTable(true);
  byId("table").focus();
  byId("table").scrollIntoView();
});
window.addEventListener("scroll", () => tableDue && fillTable(), { passive: true });
for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
  matchMedia(query).addEventListener("change", () => {
    readColours();
    chart.redraw();
  });
}
// One drop-down at a time, and Escape closes it.
const drops = [...document.querySelectorAll("details.drop")];
drops.forEach((drop) => {
  drop.addEventListener("toggle", () => drop.open && drops.forEach((other) => other !== drop && (other.open = false)));
  drop.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drop.open) {
      drop.open = false;
      drop.querySelector("summary").focus();
    }
  });
});
document.addEventListener("click", (event) => drops.forEach((drop) => !drop.contains(event.target) && (drop.open = false)));

byId("partial").hidden = !data.partial;
byId("legend-box").open = !matchMedia(NARROW).matches;
readColours();
arrive(location.hash);
ours = location.hash.replace(/^#/, "");
fillBack();
speak();
followRequirement();
fall();
settle();
fitView();
let size = "";
new ResizeObserver(() => {
  const now = `${board.clientWidth} ${board.clientHeight}`;
  if (now !== size) fitView();
  size = now;
}).observe(board);
// What tests ask: the page's own functions, and what it shows.
window.graphsc = { chart, ends: (edge) => [edges.source[edge], edges.target[edge]], data, marksOf, failed, layOut, paths, chainOf, wrapped: (label) => wrapped(label), svgText, state, view: () => view, select, focusOn, change, nameOf, membersOf, showRecord, labelSize, changes, pointOn, edgeAt, allRecords: () => Object.entries(RECORDS).flatMap(([sort, those]) => those.map((_, place) => ({ sort, place }))) };
document.documentElement.dataset.ready = "yes";
