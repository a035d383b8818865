(function () {
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const box = document.getElementById("network");
box.style.height = data.height;
box.style.width = data.width;
box.style.background = data.bgcolor;
if (data.options.configure && data.options.configure.enabled) data.options.configure.container = document.getElementById("configure");
window.network = new vis.Network(box, { nodes: new vis.DataSet(data.nodes), edges: new vis.DataSet(data.edges) }, data.options);
network.once("afterDrawing", () => { network.fit({ animation: false }); document.documentElement.dataset.ready = "yes"; });
})();
