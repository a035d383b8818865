// Completes the terms of the ontology and the variables in a query, from a list beneath the field. The field needs no script to work.
(function () {
  "use strict";
  var area = document.getElementById("query");
  var list = document.getElementById("terms-list");
  var told = document.getElementById("terms-told");
  if (!area || !list) { return; }
  var MOST = 8;
  var known = null;
  var shown = [];
  var active = -1;

  function load() {
    if (known !== null) { return; }
    known = { prefixes: {}, terms: [] };
    fetch(area.getAttribute("data-terms")).then(function (answer) {
      return answer.ok ? answer.json() : known;
    }).then(function (terms) {
      known = terms;
      if (document.activeElement === area) { complete(); } // for what was written while they were on their way
    }).catch(function () { known = null; });
  }

  // What is being written before the caret; empty in a comment, a text and an IRI, where no term is meant.
  function word() {
    var line = area.value.slice(0, area.selectionStart).split("\n").pop();
    if (/(^|\s)#|<[^>\s]*$/.test(line) || line.split('"').length % 2 === 0) { return ""; }
    return /[?$]?[\p{L}\p{N}_:-]*$/u.exec(line)[0];
  }

  function variables(start) {
    var names = area.value.match(/[?$][\p{L}_][\p{L}\p{N}_]*/gu) || [];
    return names.filter(function (name, place) {
      return names.indexOf(name) === place && name !== start && name.indexOf(start) === 0;
    }).map(function (name) { return { name: name, label: "" }; });
  }

  // Words are looked for in names and in what they are called; after a prefix among those that have it.
  function rank(term, start) {
    var name = term.name.toLowerCase();
    var label = term.label.toLowerCase();
    var local = start.split(":").pop();
    if (name.indexOf(start) === 0) { return 0; }
    if (local !== start && name.indexOf(start.slice(0, -local.length)) !== 0) { return -1; }
    if (name.split(":")[1].indexOf(local) === 0) { return 1; }
    if (label.indexOf(local) === 0) { return 2; }
    return label.indexOf(local) > 0 || name.indexOf(local) > 0 ? 3 : -1;
  }

  function candidates(start) {
    if (/^[?$]/.test(start)) { return variables(start).slice(0, MOST); }
    if (start.length < 2 || known === null) { return []; }
    var wanted = start.toLowerCase();
    return known.terms.map(function (term) {
      return { term: term, rank: rank(term, wanted) };
    }).filter(function (one) {
      return one.rank >= 0 && one.term.name !== start;
    }).sort(function (a, b) {
      return a.rank - b.rank || a.term.name.length - b.term.name.length || (a.term.name < b.term.name ? -1 : 1);
    }).slice(0, MOST).map(function (one) { return one.term; });
  }

  function close() {
    shown = [];
    show();
  }

  function mark(place) {
    active = place;
    Array.prototype.forEach.call(list.children, function (item, number) {
      item.setAttribute("aria-selected", String(number === active));
    });
    if (active < 0) {
      area.removeAttribute("aria-activedescendant");
    } else {
      area.setAttribute("aria-activedescendant", "term-" + active);
    }
  }

  function show() {
    list.textContent = "";
    shown.forEach(function (term, number) {
      var item = document.createElement("li");
      var name = document.createElement("code");
      item.id = "term-" + number;
      item.setAttribute("role", "option");
      name.textContent = term.name;
      item.appendChild(name);
      item.appendChild(document.createTextNode(" " + term.label));
      list.appendChild(item);
    });
    list.hidden = shown.length === 0;
    told.textContent = shown.length ? shown.length + " " + told.getAttribute("data-word") : "";
    mark(-1);
  }

  function complete() {
    shown = candidates(word());
    show();
  }

  // As if it were typed, so that it can be undone as what is typed can.
  function put(text, start, end) {
    area.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) { area.setRangeText(text, start, end, "end"); }
  }

  function declare(name) {
    var prefix = name.split(":")[0];
    if (/^[?$]/.test(name) || new RegExp("PREFIX\\s+" + prefix + ":", "i").test(area.value)) { return; }
    var line = "PREFIX " + prefix + ": <" + known.prefixes[prefix] + ">\n";
    var top = /^(\s*#.*\n)*/.exec(area.value)[0].length;
    var caret = area.selectionStart;
    put(line, top, top);
    area.setSelectionRange(caret + line.length, caret + line.length);
  }

  function take(place) {
    var name = shown[place].name;
    var end = area.selectionStart;
    put(name, end - word().length, end);
    declare(name);
    close();
  }

  area.addEventListener("focus", load);
  area.addEventListener("input", complete);
  area.addEventListener("blur", close);
  area.addEventListener("click", close);
  area.addEventListener("keydown", function (event) {
    var key = event.key;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      area.form.requestSubmit();
    } else if (key === " " && event.ctrlKey) {
      event.preventDefault();
      complete();
    } else if (!shown.length) {
      return;
    } else if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      var step = key === "ArrowDown" ? 1 : -1;
      mark(active < 0 && step < 0 ? shown.length - 1 : (active + step + shown.length) % shown.length);
    } else if ((key === "Enter" || key === "Tab") && active >= 0) {
      event.preventDefault();
      take(active);
    } else if (key === "Escape") {
      event.preventDefault();
      close();
    } else if (/^(Arrow|Home|End|Page|Enter|Tab)/.test(key)) {
      close();
    }
  });
  list.addEventListener("mousedown", function (event) {
    var item = event.target.closest("li");
    event.preventDefault();
    if (item) { take(Array.prototype.indexOf.call(list.children, item)); }
  });
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  document.getElementById("terms-hint").hidden = false;
  if (document.activeElement === area) { load(); }
}());
