// The sliders of a draft. While one is dragged the newest weights are sent as soon as the server has
// answered for the last ones, so that it is never asked faster than it can draw.

const PANELS = new WeakMap();
const PATIENCE_MS = 1500; // an answer may be lost when the page is run anew

export default function weightSliders(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  let panel = PANELS.get(root);
  if (!panel) {
    panel = { rows: new Map(), weights: new Map(), step: 0, waiting: 0, sentAt: 0, pending: null, timer: 0 };
    panel.list = element("div", "list");
    panel.others = element("div", "others");
    root.replaceChildren(panel.list, panel.others);
    PANELS.set(root, panel);
  }
  panel.send = component;
  panel.data = component.data;
  if (panel.data.taken >= panel.waiting) panel.waiting = 0;
  const own = panel.data.taken < panel.step; // the person is ahead of what the server knows
  if (!own) panel.weights = new Map(panel.data.rows.map((row) => [row.metric, row.weight]));
  drawRows(panel, own);
  flush(panel);
}

function drawRows(panel, own) {
  const told = new Map(panel.data.rows.map((row) => [row.metric, row]));
  for (const [metric, row] of panel.rows) {
    if (told.has(metric)) continue;
    row.box.remove();
    panel.rows.delete(metric);
  }
  for (const fact of panel.data.rows) {
    if (!panel.rows.has(fact.metric)) panel.rows.set(fact.metric, makeRow(panel, fact.metric));
    const row = panel.rows.get(fact.metric);
    if (!row.box.isConnected) panel.list.append(row.box);
    fillRow(panel, row, fact, own);
  }
  panel.others.replaceChildren("Add ", ...panel.data.others.map((other) => {
    const button = element("button", "add", other.label);
    button.type = "button";
    button.title = other.help;
    button.addEventListener("click", () => { panel.weights.set(other.metric, 0); commit(panel, true); });
    return button;
  }));
  panel.others.hidden = panel.data.others.length === 0;
}

function makeRow(panel, metric) {
  const row = { box: element("div", "weight") };
  row.box.dataset.metric = metric;
  row.label = element("span", "label");
  row.was = element("span", "was");
  row.number = element("input");
  row.number.type = "text";
  row.number.inputMode = "decimal";
  row.drop = element("button", "drop", "×");
  row.drop.type = "button";
  const head = element("div", "head");
  head.append(row.label, row.was, row.number, row.drop);
  row.range = element("input", "range");
  row.range.type = "range";
  row.range.min = "0";
  row.range.step = "0.01";
  row.scale = element("div", "scale");
  row.spread = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  row.spread.setAttribute("class", "spread");
  row.spread.setAttribute("preserveAspectRatio", "none");
  row.spread.setAttribute("role", "img");
  const ends = element("div", "ends");
  ends.append(element("span", "", "0"), element("span", "", "q"), element("span", "", "1"));
  const body = element("div", "body"), left = element("div"), right = element("div");
  left.append(row.range, row.scale);
  right.append(row.spread, ends);
  body.append(left, right);
  row.said = element("p", "said");
  row.warned = element("p", "warned");
  row.box.append(head, body, row.said, row.warned);
  row.range.addEventListener("input", () => take(panel, row, Number(row.range.value), false));
  row.range.addEventListener("change", () => take(panel, row, Number(row.range.value), true));
  row.number.addEventListener("change", () => {
    const text = row.number.value.trim().replace(",", ".");
    const weight = Number(text);
    const fine = text !== "" && weight >= 0 && weight <= panel.data.most;
    row.number.classList.toggle("wrong", !fine);
    if (fine) take(panel, row, weight, true);
  });
  row.drop.addEventListener("click", () => { panel.weights.delete(metric); commit(panel, true); });
  return row;
}

function take(panel, row, weight, settled) {
  const metric = row.box.dataset.metric;
  panel.weights.set(metric, Math.round(weight * 1000) / 1000);
  showWeight(row, panel.weights.get(metric));
  commit(panel, settled);
}

function showWeight(row, weight) {
  const focused = row.box.getRootNode().activeElement;
  const most = Number(row.range.max);
  if (weight > most) row.range.max = String(Math.ceil(weight));
  if (Number(row.range.value) !== weight) row.range.value = String(weight);
  if (focused !== row.number) row.number.value = weight.toFixed(2).replace(/(\.\d)0$/, "$1");
  row.number.classList.remove("wrong");
}

function fillRow(panel, row, fact, own) {
  row.label.textContent = fact.label;
  row.label.title = fact.help;
  row.was.textContent = fact.was;
  row.number.setAttribute("aria-label", `Weight of ${fact.label}`);
  row.range.setAttribute("aria-label", `Weight of ${fact.label}`);
  row.range.disabled = row.number.disabled = fact.without;
  row.drop.hidden = !fact.removable;
  row.drop.setAttribute("aria-label", `Leave ${fact.label} out`);
  row.drop.title = `Leave ${fact.label} out`;
  const weight = panel.weights.get(fact.metric) ?? fact.weight;
  if (!own) row.range.max = String(Math.max(fact.span, Math.ceil(weight)));
  if (!own || !panel.weights.has(fact.metric)) showWeight(row, weight);
  fillScale(row, fact);
  fillSpread(row, fact);
  row.said.textContent = fact.said;
  row.warned.textContent = fact.warned;
}

function fillScale(row, fact) {
  const most = Number(row.range.max);
  const across = (weight) => `${Math.min(1, weight / most) * 100}%`;
  const marks = [];
  if (fact.room) {
    const [lower, upper] = fact.room;
    const open = upper === null || upper > most;
    const room = element("span", open ? "room open" : "room");
    room.style.left = across(lower);
    room.style.right = `calc(100% - ${open ? "100%" : across(upper)})`;
    marks.push(room);
    for (const weight of open ? [lower] : [lower, upper]) {
      const stop = element("span", "stop");
      stop.style.left = across(weight);
      if (weight > 0) marks.push(stop);
    }
  }
  if (fact.active !== null) {
    const force = element("span", "force");
    force.style.left = across(fact.active);
    force.title = "Weight in force";
    marks.push(force);
  }
  row.scale.replaceChildren(...marks);
}

function fillSpread(row, fact) {
  const shape = fact.bins.join();
  if (row.spread.dataset.shape === shape) return;
  row.spread.dataset.shape = shape;
  row.spread.setAttribute("viewBox", `0 0 ${fact.bins.length} 1`);
  row.spread.setAttribute("aria-label", fact.shape);
  row.spread.replaceChildren(...fact.bins.map((height, place) => {
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ x: place + 0.06, y: 1 - height, width: 0.88, height })) bar.setAttribute(name, value);
    return bar;
  }));
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = fact.shape;
  row.spread.append(title);
}

function commit(panel, settled) {
  panel.step = Math.max(Date.now(), panel.step + 1);
  panel.pending = { weights: Object.fromEntries(panel.weights), step: panel.step, settled };
  flush(panel);
}

function flush(panel) {
  if (!panel.pending) return;
  const late = performance.now() - panel.sentAt > PATIENCE_MS;
  if (panel.waiting && !late) {
    window.clearTimeout(panel.timer);
    panel.timer = window.setTimeout(() => flush(panel), PATIENCE_MS);
    return;
  }
  const sent = panel.pending;
  panel.pending = null;
  panel.waiting = sent.step;
  panel.sentAt = performance.now();
  panel.send.setStateValue("draft", sent);
}
