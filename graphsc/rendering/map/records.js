// Agreements, people and roles: things of their own, though they are not drawn.
const RECORDS = { agreement: data.agreements, person: data.records.persons, role: data.records.roles };
const recordName = ({ sort, place }) => text(RECORDS[sort][place][1]);
const recordId = ({ sort, place }) => `${sort}:${RECORDS[sort][place][0]}`;
const recordOf = (id) => {
  const [sort, ...rest] = (id ?? "").split(":");
  const place = (RECORDS[sort] ?? []).findIndex(([known]) => known === rest.join(":"));
  return place < 0 ? null : { sort, place };
};

// A value is three times a node, that plus one for an agreement, plus two for a text.
const pairsOf = (agreement) => {
  const flat = data.records.facts[agreement] ?? [], pairs = [];
  for (let at = 0; at < flat.length; at += 2) pairs.push([flat[at], flat[at + 1]]);
  return pairs;
};
const agreementsOf = (function () {
  const byNode = new Map();
  for (let agreement = 0; agreement < data.records.facts.length; agreement++) {
    for (const [, value] of pairsOf(agreement)) {
      if (value % 3) continue;
      if (!byNode.has(value / 3)) byNode.set(value / 3, new Set());
      byNode.get(value / 3).add(agreement);
    }
  }
  return (node) => [...(byNode.get(node) ?? [])];
})();
const heldFor = (value) => data.records.held.filter(([, , , scopes]) => scopes.includes(value));

function dateOf(written) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(written)) return written;
  return new Intl.DateTimeFormat(language === "da" ? "da-DK" : "en-GB", { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${written}T00:00:00Z`));
}
const termOf = (from, until) => (from || until ? `${dateOf(from)}–${dateOf(until)}`.replace(/–$/, ` ${word("onward")}`) : "");

function valueOf(value) {
  const place = Math.floor(value / 3);
  if (value % 3 === 0) return leadsTo(place);
  if (value % 3 === 1) return leadsToRecord("agreement", place);
  return named(dateOf(text(place)));
}
const leadsToRecord = (sort, place, label) => el("button", { type: "button", class: "plain", onclick: () => showRecord({ sort, place }) }, named(label ?? text(RECORDS[sort][place][1])));

// Show a record, and on the map the chain of what it is about.
function showRecord(record) {
  const about = new Set();
  const take = (value) => {
    if (value % 3 === 0 && nodes.kind[value / 3] !== KIND.authority && nodes.kind[value / 3] !== KIND.other) about.add(value / 3);
    if (value % 3 === 1) for (const edge of links.delivering(Math.floor(value / 3))) about.add(edges.target[edge]);
  };
  if (record.sort === "agreement") take(3 * record.place + 1);
  else for (const [person, role, , scopes] of data.records.held) if ((record.sort === "person" ? person : role) === record.place) scopes.forEach(take);
  const focus = [...about].filter((node) => there("nodes", node));
  unfilter(focus);
  change({ record, way: [], focus: focus.length <= MOST_FOCUS ? focus : [], finding: -1, everything: false, list: "", selected: -1, lens: "chain" });
  fitView();
  byId("panel").scrollTop = 0;
  byId("panel").focus();
}
const MOST_FOCUS = 20;

function recordPanel(record) {
  const head = [el("h2", { id: "panel-title", tabindex: "-1" }, named(recordName(record))), el("p", { class: "soft" }, word(record.sort))];
  return [...head, ...(record.sort === "agreement" ? agreementPanel(record.place) : heldPanel(record))];
}

const whereOf = (file, line) => (file < 0 ? "" : `${data.records.files[file]}${line ? `:${line}` : ""}`);

function agreementPanel(place) {
  const facts = el("dl", { class: "facts" });
  let last = -1, box = null;
  for (const [says, value] of pairsOf(place)) {
    if (says !== last) {
      box = el("dd", {});
      facts.append(el("dt", {}, text(data.records.says[says])), box);
    } else box.append(", ");
    box.append(valueOf(value));
    last = says;
  }
  const [file, line] = data.records.where.slice(2 * place, 2 * place + 2);
  if (file >= 0) facts.append(el("dt", {}, word("where")), el("dd", {}, named(whereOf(file, line))));
  const below = data.records.facts.map((_, other) => other).filter((other) => other !== place && pairsOf(other).some(([, value]) => value === 3 * place + 1));
  const findings = data.findings.map((_, at) => at).filter((at) => (data.findings[at].agreements ?? []).includes(place) && there("findings", at));
  const duties = data.duties.agreements[place] ?? [];
  const passed = data.requirements.flatMap(([label, , flat], at) => {
    for (let step = 0; step < flat.length; step += 2) if (flat[step] === place) return [[at, label, flat[step + 1]]];
    return [];
  });
  const done = data.records.evidence[place] ?? [], earlier = data.records.earlier[place] ?? 0;
  return [facts,
    part3("findings", findings, (at) => findingItem(at), { most: 4, className: "findings" }, "noFindings"),
    today() && part3("duties", duties, dutyItem, { most: 6, className: "duties" }, "noDuties"),
    heldPart(3 * place + 1),
    passed.length > 0 && [heading(3, "requirements", passed.length), listOf(passed, ([at, label, became]) => el("li", {}, el("button", { type: "button", class: "plain", onclick: () => follow(at) }, named(text(label))), `: ${text(data.names.passing[became])}`), { most: 8 })],
    below.length > 0 && [heading(3, "subcontracts", below.length), listOf(below, (other) => el("li", {}, leadsToRecord("agreement", other)), { most: 10 })],
    part3("evidence", done, ([kind, date, who, document, file, line]) => el("li", {}, text(kind), date && `, ${dateOf(date)}`, who >= 0 && [", ", valueOf(who)], document && [" – ", named(document)],
      file >= 0 && el("span", { class: "soft" }, " (", named(whereOf(file, line)), ")")), { most: 8 }, "noEvidence"),
    earlier > 0 && el("p", { class: "soft" }, word("earlier").replace("{0}", number(earlier))),
  ];
}
const part3 = (key, those, make, options, none) => (those.length ? [heading(3, key, those.length), listOf(those, make, options)] : [heading(3, key, 0), el("p", { class: "soft" }, word(none))]);

// Who holds which role for a thing.
function heldPart(value) {
  const held = heldFor(value);
  return held.length > 0 && [heading(3, "roles", held.length), listOf(held, ([person, role, , , from, until]) =>
    el("li", {}, leadsToRecord("role", role), ": ", leadsToRecord("person", person), el("span", { class: "soft" }, ` ${termOf(from, until)}`)), { most: 6 })];
}

// Agreements that someone holds a role for, or has something to do about.
function agreementsHeld(held, duties, findings) {
  const mine = new Set();
  for (const [, , , scopes] of held) for (const scope of scopes) if (scope % 3 === 1) mine.add(Math.floor(scope / 3));
  const mineToDo = new Set(duties);
  for (const [agreement, those] of Object.entries(data.duties.agreements)) if (those.some((duty) => mineToDo.has(duty))) mine.add(Number(agreement));
  for (const place of findings) for (const agreement of data.findings[place].agreements ?? []) mine.add(agreement);
  return [...mine].sort((one, other) => one - other);
}

// What an agreement needs within a month: by anyone, since its owner must know.
function needsSoon(agreement) {
  const { rows, agreements, soon } = data.duties;
  const endings = pairsOf(agreement).filter(([says]) => says === data.records.end).map(([, value]) => text(Math.floor(value / 3)));
  return {
    findings: data.findings.map((_, at) => at).filter((at) => (data.findings[at].agreements ?? []).includes(agreement) && counts(at) && there("findings", at)),
    due: (agreements[agreement] ?? []).filter((duty) => rows[duty][0] !== 1 || !rows[duty][3] || rows[duty][3] <= soon),
    ends: endings.find((day) => day >= data.asOf && day <= soon),
  };
}

function minePart(mine) {
  const wanting = mine.map((agreement) => [agreement, needsSoon(agreement)]).filter(([, { findings, due, ends }]) => findings.length || due.length || ends);
  const item = ([agreement, { findings, due, ends }]) => el("li", {}, leadsToRecord("agreement", agreement),
    ends && el("p", {}, `${word("endsOn")} ${dateOf(ends)}`), due.length > 0 && listOf(due, dutyItem, { most: 4, className: "duties" }),
    findings.length > 0 && listOf(findings, (place) => findingItem(place, true), { most: 3, className: "findings" }));
  return [heading(3, "mineSoon", wanting.length), el("p", { class: "soft" }, word("mineOf").replace("{0}", number(mine.length)).replace("{1}", dateOf(data.duties.soon))), listOf(wanting, item, { most: 12, className: "links" })];
}

// All that a person or a role has to do.
function heldPanel({ sort, place }) {
  const held = data.records.held.filter(([person, role]) => (sort === "person" ? person : role) === place);
  const duties = data.duties.rows.map((_, at) => at).filter((at) => data.duties.rows[at][sort === "person" ? 5 : 6] === place);
  const findings = data.findings.map((_, at) => at).filter((at) => data.findings[at][sort] === place && counts(at) && there("findings", at));
  return [sort === "person" && el("p", { class: "soft" }, word("pseudonym")),
    today() && minePart(agreementsHeld(held, duties, findings)),
    part3("findings", findings, (at) => findingItem(at, true), { most: 8, className: "findings" }, "nothingToDo"),
    today() && part3("duties", duties, dutyItem, { most: 12, className: "duties" }, "nothingToDo"),
    heading(3, sort === "person" ? "roles" : "holders", held.length),
    listOf(held, ([person, role, employer, scopes, from, until, file, line]) => el("li", {},
      sort === "person" ? leadsToRecord("role", role) : leadsToRecord("person", person), employer >= 0 && [` ${word("at")} `, valueOf(employer)],
      scopes.length > 0 && el("p", {}, `${word("scope")}: `, ...scopes.flatMap((scope, at) => [at ? ", " : "", valueOf(scope)])),
      el("p", { class: "soft" }, termOf(from, until), file >= 0 && [" (", named(whereOf(file, line)), ")"])), { most: 12, className: "links" }),
  ];
}

function agreementsPart(node) {
  const all = agreementsOf(node);
  return all.length > 0 && [heading(3, "agreements", all.length), listOf(all, (agreement) => el("li", {}, leadsToRecord("agreement", agreement)), { most: 6 })];
}

// The facts beneath a finding, each with where it is written or the rule it follows by.
const factsList = (facts) => el("ul", {}, facts.map(([said, where, beneath]) => el("li", {}, named(text(said)), where >= 0 && el("span", { class: "soft" }, " – ", named(text(where))), beneath.length > 0 && factsList(beneath))));
