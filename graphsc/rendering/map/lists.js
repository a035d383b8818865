// Lists that several parts of the panel show.
function findingItem(place, brief, open) {
  const finding = data.findings[place];
  const severity = ["breach", "question", "note"][finding.severity];
  const item = el("li", { class: `finding ${severity}` },
    el("p", { class: "head" },
      el("span", { class: `tag ${severity}` }, text(data.names.severities[finding.severity])), " ",
      el("span", { class: "code" }, finding.code), " ",
      finding.waived && el("span", { class: "tag" }, word("waived"))),
    el("p", {}, named(text(finding.message))));
  if (brief) {
    item.append(el("button", { type: "button", class: "small", onclick: () => goToFinding(place) }, word("show"), el("span", { class: "unseen" }, ": ", named(text(finding.message)))));
    return item;
  }
  const facts = el("dl", {});
  const fact = (key, content) => content && facts.append(el("dt", {}, word(key)), el("dd", {}, named(content)));
  fact("remedy", text(finding.remedy));
  const [sort, who] = finding.person !== undefined ? ["person", finding.person] : ["role", finding.role];
  if (who === undefined) fact("who", text(finding.who));
  else facts.append(el("dt", {}, word("who")), el("dd", {}, leadsToRecord(sort, who, text(finding.who))));
  if (finding.agreements) facts.append(el("dt", {}, word("agreement")), el("dd", {}, finding.agreements.flatMap((agreement, at) => [at ? ", " : "", leadsToRecord("agreement", agreement)])));
  if (finding.parties) fact("chain", finding.parties.map(text).join(" → "));
  fact("accepted", text(finding.accepted));
  fact("where", finding.where);
  item.append(facts, finding.facts ? el("details", { open }, el("summary", {}, word("restsOnFacts")), factsList(finding.facts)) : "", ruleOf(finding, open));
  return item;
}

function ruleOf(finding, open) {
  const rule = data.rules[finding.code];
  if (!rule) return "";
  const [title, description, statements, also] = rule;
  return el("details", { open },
    el("summary", {}, `${word("rule")} ${finding.code}`),
    el("p", {}, el("strong", {}, text(title))),
    description >= 0 && el("p", {}, text(description)),
    statements.length > 0 && [el("p", {}, `${word("guide")}:`), el("ul", {}, statements.map(([id, said]) => el("li", {}, el("span", { class: "code" }, id), ` ${text(said)}`)))],
    also.length > 0 && el("p", {}, `${word("also")}: ${also.map(text).join(", ")}`));
}

// A list that shows its first items, and the rest when asked.
function listOf(items, make, options) {
  const { tag = "ul", most = 12, className } = options ?? {};
  const list = el(tag, { class: className });
  items.slice(0, most).forEach((item) => list.append(make(item)));
  if (items.length <= most) return [list];
  const more = el("button", { type: "button", class: "small more", onclick: () => {
    items.slice(most).forEach((item) => list.append(make(item)));
    const next = list.children[most];
    (next.querySelector("button, summary") ?? byId("panel")).focus();
    more.remove();
  } }, `${word("more")} (${number(items.length - most)})`);
  return [list, more];
}

function dutyItem(place) {
  const [stands, what, who, due, finding, person] = data.duties.rows[place];
  return el("li", {},
    el("span", { class: stands ? "tag" : "tag breach" }, word(["overdue", "open", "again"][stands])), " ",
    named(text(what)), due && ` – ${word("due")} ${dateOf(due)}`,
    text(who) && el("span", { class: "soft" }, " – ", person >= 0 ? leadsToRecord("person", person, text(who)) : named(text(who))),
    finding >= 0 && el("span", { class: "soft" }, ` (${data.findings[finding].code})`));
}

function pathItem([node, path]) {
  return el("li", {}, leadsTo(node), path.length > 2 && el("p", { class: "path" }, ...path.flatMap((step, place) => [place ? " → " : "", named(nameOf(step))])));
}

const supervisionOf = (function () {
  const byAgreement = new Map();
  const { rows, rules, about } = data.supervision;
  for (let place = 0; 4 * place < rows.length; place++) {
    const [root, agreement, who, rule] = rows.slice(4 * place, 4 * place + 4);
    if (!byAgreement.has(agreement)) byAgreement.set(agreement, []);
    byAgreement.get(agreement).push([root, agreement, who, rules[rule], about[place] ?? -1]);
  }
  return (agreement) => byAgreement.get(agreement) ?? [];
})();

// One link: who delivers to whom on what, whether it is approved, and who watches it and why.
function linkItem(edge) {
  const agreement = edges.agreement[edge];
  const watched = supervisionOf(agreement);
  const arrow = needs(edge) ? " ← " : " → ";
  return el("li", {},
    el("p", {}, leadsTo(edges.source[edge]), arrow, leadsTo(edges.target[edge]), " ",
      state.link !== edge && view.edges.includes(edge) && el("button", { type: "button", class: "small", onclick: () => showLink(edge, true) }, word("showLink"), el("span", { class: "unseen" }, ": ", named(nameOf(edges.source[edge])), arrow, named(nameOf(edges.target[edge]))))),
    el("p", { class: "soft" }, agreement >= 0 && [leadsToRecord("agreement", agreement), " · "], saysOf(edge),
      edges.alternative[edge] && ` · ${word("oneOf").replace("{0}", edges.alternative[edge][0]).replace("{1}", edges.alternative[edge][1])}`),
    today() && droppedAt(edge).length > 0 && el("p", { class: "warn" }, `${word("stopSign")}: `, ...droppedAt(edge).flatMap((one, place) => [place ? ", " : "", named(text(data.requirements[one][0]))])),
    today() && agreement >= 0 && el("p", {}, `${word("supervisedBy")}: `, watched.length === 0 && word("nobody")),
    today() && watched.length > 0 && el("ul", {}, watched.map(([root, , who, rule, about]) =>
      el("li", {}, leadsTo(who), about >= 0 && [" – ", named(text(about))],
        new Set(watched.map((one) => one[0])).size > 1 && el("span", { class: "soft" }, " (", named(agreementOf(root)), ")"),
        text(rule) && el("span", { class: "soft" }, ` – ${text(rule)}`)))));
}
