// Lets the reader choose one of the settings that were simulated. Data are texts and numbers, never markup.
(function () {
  "use strict";
  var root = document.getElementById("explore");
  var data = JSON.parse(document.getElementById("explore-data").textContent);
  var shown = data.structures.map(function () { return true; });
  var measure = 0, current = 0, inputs = [];

  function make(tag, parent, words, className) {
    var node = document.createElement(tag);
    if (words !== undefined) { node.textContent = words; }
    if (className) { node.className = className; }
    parent.appendChild(node);
    return node;
  }

  function gap(key, one, other) {
    if (key.kind !== "slider") { return one === other ? 0 : 1; }
    return Math.abs(one - other) / (key.values.length - 1);
  }

  function nearest(place, value) {
    var best = current, least = Infinity, here = data.settings[current].at;
    data.settings.forEach(function (setting, number) {
      if (setting.at[place] !== value) { return; }
      var away = data.keys.reduce(function (sum, key, other) {
        return other === place ? sum : sum + gap(key, setting.at[other], here[other]);
      }, 0);
      if (away < least) { least = away; best = number; }
    });
    return best;
  }

  function control(parent, key, place) {
    var label = make("label", parent, undefined, "control");
    make("span", label, key.name);
    var input;
    if (key.kind === "choice") {
      input = make("select", label);
      key.values.forEach(function (value, number) { make("option", input, value).value = number; });
    } else {
      input = make("input", label);
      input.type = key.kind === "tick" ? "checkbox" : "range";
    }
    if (key.kind === "slider") { input.min = 0; input.max = key.values.length - 1; input.step = 1; }
    var told = key.kind === "choice" ? null : make("output", label);
    input.addEventListener(key.kind === "slider" ? "input" : "change", function () {
      current = nearest(place, key.kind === "tick" ? Number(input.checked) : Number(input.value));
      draw();
    });
    inputs.push(function (at) {
      if (key.kind === "tick") { input.checked = at === 1; } else { input.value = at; }
      if (told) { told.textContent = key.values[at]; input.setAttribute("aria-valuetext", key.values[at]); }
    });
  }

  function controls(parent) {
    data.keys.forEach(function (key, place) { control(parent, key, place); });
    var label = make("label", parent, undefined, "control");
    make("span", label, "shown as bars");
    var select = make("select", label);
    data.measures.forEach(function (own, number) { make("option", select, own.name).value = number; });
    select.addEventListener("change", function () { measure = Number(select.value); draw(); });
    if (data.structures.length < 3) { return; }
    var group = make("fieldset", parent, undefined, "control");
    make("legend", group, "structures");
    data.structures.forEach(function (own, number) {
      var tick = make("label", group, undefined, "tick");
      var box = make("input", tick);
      box.type = "checkbox"; box.checked = true;
      make("span", tick, own.name);
      box.addEventListener("change", function () { shown[number] = box.checked; draw(); });
    });
  }

  function empty(node) { while (node.firstChild) { node.removeChild(node.firstChild); } }

  function bar(parent, column) {
    var own = data.structures[column.of], cell = column.cells[measure], top = data.measures[measure].top;
    var row = make("div", parent, undefined, "bar");
    make("span", row, own.name, "name");
    var track = make("span", row, undefined, "track");
    if (cell.ends && top > 0) {
      var fill = make("span", track, undefined, "fill");
      fill.style.width = 100 * Math.max(0, cell.ends[1]) / top + "%";
      fill.style.backgroundColor = own.colour;
      var line = make("span", track, undefined, "line");
      line.style.left = 100 * Math.max(0, cell.ends[0]) / top + "%";
      line.style.width = 100 * (cell.ends[2] - Math.max(0, cell.ends[0])) / top + "%";
    }
    make("span", row, cell.value, "value");
  }

  function table(parent, columns) {
    var head = make("tr", make("thead", parent));
    make("th", head).scope = "col";
    columns.forEach(function (column) {
      var cell = make("th", head, data.structures[column.of].name);
      cell.scope = "col";
      cell.style.borderTopColor = data.structures[column.of].colour;
      if (column.status) { make("span", cell, column.status, "tag"); }
    });
    var body = make("tbody", parent);
    data.measures.forEach(function (own, number) {
      var row = make("tr", body);
      make("th", row, own.name).scope = "row";
      columns.forEach(function (column) {
        var cell = make("td", row), own = column.cells[number], inner = make("div", cell, own.value);
        cell.setAttribute("data-of", data.structures[column.of].name);
        if (own.mark) { cell.className = own.mark; }
        if (own.change) { make("small", inner, own.change); }
      });
    });
  }

  function draw() {
    var setting = data.settings[current];
    inputs.forEach(function (show, place) { show(setting.at[place]); });
    root.querySelector(".setting").textContent = data.keys.map(function (key, place) {
      return key.name + " " + key.values[setting.at[place]];
    }).join("; ");
    var columns = setting.columns.filter(function (column) { return shown[column.of]; });
    var bars = root.querySelector(".bars"), rows = root.querySelector("table");
    empty(bars); empty(rows);
    make("p", bars, data.measures[measure].name, "reading");
    columns.forEach(function (column) { bar(bars, column); });
    table(rows, columns);
    root.querySelector(".against").textContent =
      "Small print: compared with " + data.structures[setting.columns[0].of].name + ".";
  }

  controls(root.querySelector(".controls"));
  draw();
  root.hidden = false;
})();
