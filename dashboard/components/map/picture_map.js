// A map of pictures on a canvas: zoom, move, point, click and lasso; what is picked goes to the basket.

const VIEWS = new WeakMap();
const SETTLED_MS = 700; // after the last move, before the link follows

export default function pictureMap(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return undefined;
  let view = VIEWS.get(root);
  if (!view) {
    view = build(root);
    VIEWS.set(root, view);
  }
  view.send = component;
  view.data = component.data;
  adopt(view);
  globalThis.addEventListener("gemboard-map-points", view.arrive);
  view.watch.observe(view.stage);
  return () => {
    globalThis.removeEventListener("gemboard-map-points", view.arrive);
    view.watch.disconnect();
  };
}

function build(root) {
  const find = (name) => root.querySelector(`.${name}`);
  const canvas = find("canvas");
  const view = {
    root, canvas, stage: find("stage"), card: find("card"), said: find("said"), lost: find("lost"), legend: find("legend"),
    context: canvas.getContext("2d"), points: null, album: null, at: null, picked: new Set(), picks: 0,
    mode: "move", labelled: true, labels: [], alone: null, under: -1, focus: -1, pinned: -1, fingers: new Map(),
    sprites: new Map(), frame: 0, width: 0, height: 0, ratio: 1,
  };
  view.arrive = () => adopt(view);
  view.watch = new ResizeObserver(() => resize(view));
  listen(view);
  root.querySelector(".tools").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button && view.points) press(view, button);
  });
  find("card").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || view.pinned < 0) return;
    if (button.classList.contains("open")) open(view, view.pinned);
    else pick(view, [view.pinned], !view.picked.has(view.pinned));
  });
  view.legend.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const place = Number(button.dataset.place);
    view.alone = view.alone === place ? null : place;
    drawLegend(view);
    redraw(view);
  });
  return view;
}

function adopt(view) {
  const { data } = view;
  const stored = globalThis.gemboardMapPoints?.get(data.token);
  if (!stored) return;
  if (!view.points || view.points.token !== data.token) {
    view.album?.close();
    view.points = readPoints(stored);
    view.album = new Album(view.points, () => {
      tellLost(view);
      redraw(view);
    });
    tellLost(view);
    Object.assign(view, { under: -1, focus: -1, pinned: -1, picks: data.heard, goto: null, drawn: null });
    view.card.hidden = true;
    view.canvas.setAttribute("aria-label", data.label);
    resize(view);
    fit(view);
    clearTimeout(view.settle); // nobody moved it
    view.settle = 0;
    tell(view, data.hint);
  }
  if (data.goto.id !== view.goto) {
    view.goto = data.goto.id; // later windows with this number are only what the browser told itself
    if (data.goto.zoom) view.at = { x: data.goto.x, y: data.goto.y, zoom: data.goto.zoom };
  }
  if (data.heard >= view.picks) {
    view.picks = data.heard;
    view.picked = new Set(data.picked);
  }
  view.labels = data.labels;
  const colour = JSON.stringify(data.colour);
  if (colour !== view.colour || view.coloured !== data.token) {
    view.colour = colour;
    view.coloured = data.token;
    view.alone = null;
    themeOf(view);
    colourRows(view);
    drawLegend(view);
  }
  drawCard(view);
  redraw(view);
}

function resize(view) {
  const box = view.stage.getBoundingClientRect();
  if (!box.width || !box.height) return;
  view.width = box.width;
  view.height = box.height;
  view.ratio = Math.min(2, globalThis.devicePixelRatio || 1);
  view.canvas.width = Math.round(box.width * view.ratio);
  view.canvas.height = Math.round(box.height * view.ratio);
  redraw(view);
}

function redraw(view) {
  if (view.frame || !view.points || !view.width) return;
  view.frame = requestAnimationFrame(() => {
    view.frame = 0;
    if (view.asked && view.drawn) {
      view.asked = false;
      hover(view, rowUnder(view, ...view.pointer));
    }
    const dark = view.theme?.dark;
    paint(view);
    if (dark !== view.theme.dark) drawLegend(view);
  });
}

function moved(view) {
  redraw(view);
  clearTimeout(view.settle);
  view.settle = setTimeout(() => shareWindow(view), SETTLED_MS);
}

function shareWindow(view) {
  clearTimeout(view.settle);
  view.settle = 0;
  const { x, y, zoom } = view.at;
  view.send.setStateValue("view", { token: view.points.token, x, y, zoom });
}

function press(view, button) {
  const { act } = button.dataset;
  if (act === "move" || act === "lasso") view.mode = act;
  else if (act === "in") zoomAt(view, 1.5);
  else if (act === "out") zoomAt(view, 1 / 1.5);
  else if (act === "fit") fit(view);
  else if (act === "labels") view.labelled = !view.labelled;
  else if (act === "view") endLasso(view, [[0, 0], [view.width, 0], [view.width, view.height], [0, view.height]]);
  const on = { move: view.mode === "move", lasso: view.mode === "lasso", labels: view.labelled };
  for (const other of view.root.querySelectorAll(".tools button[aria-pressed]")) other.setAttribute("aria-pressed", String(on[other.dataset.act]));
  view.canvas.classList.toggle("lassoing", view.mode === "lasso");
  redraw(view);
}

function pick(view, rows, on) {
  const changed = rows.filter((row) => view.picked.has(row) !== on);
  if (!changed.length) return;
  for (const row of changed) {
    if (on) view.picked.add(row);
    else view.picked.delete(row);
  }
  view.picks += 1;
  const count = changed.length === 1 ? "1 picture" : `${changed.length.toLocaleString("en")} pictures`;
  tell(view, on ? `${count} added to the selection` : `${count} taken out of the selection`);
  drawCard(view);
  redraw(view);
  view.send.setTriggerValue("picked", {
    token: view.points.token, rows: changed, on, step: view.picks, seen: view.drawn.rows.slice().reverse(),
  });
}

function open(view, row) {
  if (view.settle) shareWindow(view); // afterwards it would close what is opened now
  view.send.setTriggerValue("opened", { token: view.points.token, row });
}

function hover(view, row) {
  if (row === view.under) return;
  view.under = row;
  view.canvas.style.cursor = row >= 0 && view.mode !== "lasso" ? "pointer" : "";
  drawCard(view);
  redraw(view);
}

function pin(view, row) {
  view.pinned = row;
  drawCard(view);
  redraw(view);
}

// Pictures whose files the server does not find.
function tellLost(view) {
  const count = view.album.failed.size;
  view.lost.hidden = count === 0;
  const what = count === 1 ? "1 picture" : `${count.toLocaleString("en")} pictures`;
  view.lost.textContent = `Crossed frames: ${what} could not be loaded. “python -m warehouse check” names missing files.`;
}

function tell(view, text) {
  view.said.textContent = text;
}
