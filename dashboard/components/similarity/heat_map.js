// A heat map of models by models: one pixel a cell, enlarged by the browser; names, value and pictures of
// the cell under the pointer; a click or Enter opens it. Maps of one group follow each other's pointer.

// Dark to bright in even steps of lightness (viridis' "mako"), so that it reads in grey too.
const STOPS = ["#0b0405", "#2b1c35", "#3e356b", "#3b5698", "#357ba2", "#37a0aa", "#54c3ad", "#a5dfbf", "#def5e5"];
// Below and above one half: two hues and a middle of none.
const SHARE_STOPS = ["#8a3f4f", "#c5858f", "#eed3d6", "#f0f1ed", "#d0e6e0", "#74b1a4", "#0b6e5f"];
// Few to many: both ends are seen on the light and on the dark ground.
const COUNT_STOPS = ["#a8cfc5", "#55a090", "#2b8576", "#8a8b4a", "#c07a2c", "#e09a3c"];
const LINK = "gemboard-heat-map";
const LENS_CELLS = 13;
const LENS_FROM = 60;
const VIEWS = new WeakMap();

export default function heatMap(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return undefined;
  let view = VIEWS.get(root);
  if (!view) {
    view = build(root);
    VIEWS.set(root, view);
  }
  view.send = component;
  if (component.data.stamp !== view.stamp) adopt(view, component.data);
  window.addEventListener(LINK, view.follow);
  return () => window.removeEventListener(LINK, view.follow);
}

function build(root) {
  const find = (name) => root.querySelector(`.${name}`);
  const view = { root, stage: find("stage"), canvas: find("cells"), card: find("card"), readout: find("readout"), stamp: null, at: null };
  view.follow = (event) => {
    const { from, group, first, second } = event.detail;
    if (from === view.stamp || group !== view.data.group) return;
    point(view, view.places.get(first), view.places.get(second));
  };
  view.stage.addEventListener("pointermove", (event) => {
    const [row, column] = cellUnder(view, event);
    point(view, row, column);
    showCard(view, event);
    tell(view);
  });
  view.stage.addEventListener("pointerleave", () => leave(view));
  view.stage.addEventListener("blur", () => leave(view));
  view.stage.addEventListener("click", (event) => {
    point(view, ...cellUnder(view, event));
    open(view);
  });
  view.stage.addEventListener("keydown", (event) => step(view, event));
  return view;
}

function adopt(view, data) {
  view.stamp = data.stamp;
  view.data = data;
  view.count = data.axis.length;
  view.values = numbers(data.values, Float32Array);
  view.behind = typeof data.behind === "string" ? numbers(data.behind, Int32Array) : null;
  view.places = new Map(data.axis.map((entry, place) => [entry.id, place]));
  view.stage.setAttribute("aria-label", data.label);
  paint(view);
  drawLabels(view);
  drawLegend(view);
  leave(view);
  view.root.dataset.shows = data.name;
}

function paint(view) {
  const { canvas, count, values } = view;
  const [low, high] = view.data.scale;
  const table = colourTable(stopsOf(view));
  canvas.width = count;
  canvas.height = count;
  const context = canvas.getContext("2d");
  const image = context.createImageData(count, count);
  const cells = new Uint32Array(image.data.buffer);
  const step = (table.length - 1) / (high - low);
  const colour = (value) => table[Math.max(0, Math.min(table.length - 1, Math.round((value - low) * step)))];
  let place = 0;
  for (let row = 0; row < count; row += 1) {
    for (let column = row; column < count; column += 1) {
      const value = values[place];
      place += 1;
      if (Number.isNaN(value)) continue;
      cells[row * count + column] = colour(value);
      cells[column * count + row] = colour(view.data.shares ? 1 - value : value);
    }
  }
  context.putImageData(image, 0, 0);
}

function drawLabels(view) {
  const named = view.count <= view.data.namedUpTo;
  view.root.querySelector(".map").classList.toggle("named", named);
  for (const side of ["rows", "columns"]) {
    const list = view.root.querySelector(`.${side}`);
    list.style.setProperty("--count", view.count);
    list.replaceChildren(...(named ? view.data.axis.map((entry) => element("span", "", entry.name)) : []));
  }
  const [from, to] = view.data.ends;
  view.root.querySelector(".from").textContent = from;
  view.root.querySelector(".to").textContent = to;
}

function drawLegend(view) {
  const bar = view.root.querySelector(".bar");
  bar.style.background = `linear-gradient(to right, ${stopsOf(view).join(", ")})`;
  const [low, high] = view.data.scale;
  const ticks = [low, (low + high) / 2, high].map((value) => element("span", "number", inUnit(view, value, 2)));
  view.root.querySelector(".ticks").replaceChildren(...ticks);
  view.root.querySelector(".scale").textContent = view.data.scaleWords;
}

function cellUnder(view, event) {
  const box = view.canvas.getBoundingClientRect();
  const along = (offset, length) => Math.max(0, Math.min(view.count - 1, Math.floor((offset / length) * view.count)));
  return [along(event.clientY - box.top, box.height), along(event.clientX - box.left, box.width)];
}

function point(view, row, column) {
  const inside = row !== undefined && column !== undefined && view.count > 0;
  view.stage.classList.toggle("pointed", inside);
  view.at = inside ? [row, column] : null;
  if (!inside) {
    view.readout.textContent = view.data.hint;
    return;
  }
  view.stage.style.setProperty("--row", (row + 0.5) / view.count);
  view.stage.style.setProperty("--column", (column + 0.5) / view.count);
  view.stage.style.setProperty("--size", 1 / view.count);
  const [first, second] = [view.data.axis[row], view.data.axis[column]];
  const names = row === column ? `${first.name} with itself` : `${first.name} ${view.data.joined} ${second.name}`;
  view.readout.textContent = `${names}: ${valueWords(view, row, column)}`;
}

function leave(view) {
  point(view);
  view.card.hidden = true;
  tell(view);
}

function tell(view) {
  const [row, column] = view.at || [];
  const id = (place) => (place === undefined ? undefined : view.data.axis[place].id);
  const detail = { from: view.stamp, group: view.data.group, first: id(row), second: id(column) };
  window.dispatchEvent(new CustomEvent(LINK, { detail }));
}

function triangle(view, row, column) {
  const [low, high] = row < column ? [row, column] : [column, row];
  return low * view.count - (low * (low - 1)) / 2 + (high - low);
}

function valueWords(view, row, column) {
  const value = view.values[triangle(view, row, column)];
  if (Number.isNaN(value)) return "no value";
  return inUnit(view, view.data.shares && row > column ? 1 - value : value, 3);
}

function inUnit(view, value, places) {
  if (view.data.unit === "percent") return `${Math.round(100 * value)} %`;
  return view.data.unit === "count" ? Math.round(value).toLocaleString("en") : value.toFixed(places);
}

function behindWords(view, row, column) {
  const { words, own, behind } = view.data;
  if (Number.isNaN(view.values[triangle(view, row, column)])) return words.missing;
  const count = row === column ? own[row] : view.behind ? view.behind[triangle(view, row, column)] : behind;
  if (count === 0) return words.defined;
  return count === 1 ? words.one : `${count.toLocaleString("en")} ${words.many}`;
}

function showCard(view, event) {
  const [row, column] = view.at;
  const { card, data } = view;
  const rows = row === column ? [row] : [row, column];
  const sides = rows.map((place) => side(data.axis[place], data.thumbnails));
  const head = element("div", "head");
  const words = element("div", "");
  words.append(element("div", "value number", valueWords(view, row, column)), element("div", "muted", behindWords(view, row, column)));
  head.append(words);
  if (view.count >= LENS_FROM) head.append(lens(view, row, column));
  const pair = element("div", "pair");
  pair.append(...sides);
  card.replaceChildren(head, pair);
  card.hidden = false;
  const box = view.root.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  const left = x + 18 + card.offsetWidth > box.width ? x - 18 - card.offsetWidth : x + 18;
  const top = Math.min(y + 14, box.height - card.offsetHeight);
  card.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px)`;
}

function side(entry, thumbnails) {
  const node = element("div", "side");
  if (entry.sha256) node.append(picture(thumbnails + entry.sha256, "", "No picture"));
  node.append(element("div", "name", entry.name), element("div", "muted", entry.detail));
  return node;
}

function lens(view, row, column) {
  const canvas = element("canvas", "lens");
  const half = (LENS_CELLS - 1) / 2;
  canvas.width = LENS_CELLS * 6;
  canvas.height = LENS_CELLS * 6;
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(view.canvas, column - half, row - half, LENS_CELLS, LENS_CELLS, 0, 0, canvas.width, canvas.height);
  context.strokeStyle = "#fff";
  context.strokeRect(half * 6 - 0.5, half * 6 - 0.5, 7, 7);
  return canvas;
}

function step(view, event) {
  const [row, column] = view.at || [0, 0];
  const stride = event.shiftKey ? 10 : 1;
  const moves = { ArrowUp: [-stride, 0], ArrowDown: [stride, 0], ArrowLeft: [0, -stride], ArrowRight: [0, stride] };
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    open(view);
  } else if (moves[event.key]) {
    event.preventDefault();
    const move = view.at ? moves[event.key] : [0, 0];
    const kept = (place) => Math.max(0, Math.min(view.count - 1, place));
    point(view, kept(row + move[0]), kept(column + move[1]));
    tell(view);
  }
}

function open(view) {
  if (!view.at) return;
  const [first, second] = view.at.map((place) => view.data.axis[place].id);
  view.card.hidden = true;
  view.send.setTriggerValue("opened", { first, second });
}

function numbers(text, Kind) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Kind(bytes.buffer);
}

function stopsOf(view) {
  if (view.data.shares) return SHARE_STOPS;
  return view.data.unit === "count" ? COUNT_STOPS : STOPS;
}

function colourTable(stops) {
  const parts = stops.map((stop) => [1, 3, 5].map((at) => Number.parseInt(stop.slice(at, at + 2), 16)));
  return Uint32Array.from({ length: 256 }, (_, level) => {
    const along = (level / 255) * (parts.length - 1);
    const place = Math.min(parts.length - 2, Math.floor(along));
    const mix = (channel) => Math.round(parts[place][channel] + (along - place) * (parts[place + 1][channel] - parts[place][channel]));
    return ((255 << 24) | (mix(2) << 16) | (mix(1) << 8) | mix(0)) >>> 0;
  });
}
