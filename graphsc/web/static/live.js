// Reads the page again when the data have changed, unless something was filled in. The pages need no script to work.
(function () {
  "use strict";
  if (!document.body.hasAttribute("data-state")) { return; } // the answer to a form: reading it again would send the form again
  var known = null;
  var dirty = false;
  document.addEventListener("input", function () { dirty = true; });
  function look() {
    if (document.hidden || dirty) { return; }
    fetch("/version", { cache: "no-store" }).then(function (answer) {
      return answer.ok ? answer.text() : null;
    }).then(function (now) {
      if (now === null) { return; }
      if (known === null) {
        known = now;
        if (now.split(".")[0] === document.body.getAttribute("data-state")) { return; }
      }
      if (now !== known || now.split(".")[0] !== document.body.getAttribute("data-state")) { location.reload(); }
    }).catch(function () {});
  }
  window.setInterval(look, 2000);
  look();
}());
