// What lies where: decoded points, the window onto them, and what is under a place of the screen.

const PICTURE_FROM_PX = 16;
const PICTURE_CALM_PX = 60; // from here on pictures grow slower than the map, so that stacks come apart
const PICTURE_MOST_PX = 190;
const PICTURES_AT_ONCE = 450;
const ZOOM = [0.2, 400];
const EDGE_PX = 36;

function readPoints(data) {
  const n = data.count;
  const points = {
    token: data.token,
    n,
    x: numbers(data.x, Float32Array),
    y: numbers(data.y, Float32Array),
    gre: numbers(data.gre, Float32Array),
    model: numbers(data.model, Uint16Array),
    prompt: numbers(data.prompt, Uint16Array),
    marks: numbers(data.marks, Uint8Array),
    hashes: numbers(data.hashes, Uint8Array),
    models: data.models,
    prompts: data.prompts,
    thumbnails: data.thumbnails,
  };
  const [left, right] = ends(points.x);
  const [bottom, top] = ends(points.y);
  points.middle = [(left + right) / 2, (bottom + top) / 2];
  points.span = [Math.max(right - left, 1e-3), Math.max(top - bottom, 1e-3)];
  if (n === 1) points.span = [1, 1];
  return points;
}

function numbers(letters, Kind) {
  const bytes = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
  return new Kind(bytes.buffer);
}

function ends(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function hashOf(points, row) {
  if (!(points.marks[row] & 1)) return null;
  let text = "";
  for (let i = row * 32; i < row * 32 + 32; i += 1) text += points.hashes[i].toString(16).padStart(2, "0");
  return text;
}

// Pixels per unit of the map when all of it is in the window.
function fitScale(view) {
  const { span } = view.points;
  return Math.min(
    Math.max(40, view.width - 2 * EDGE_PX) / span[0],
    Math.max(40, view.height - 2 * EDGE_PX) / span[1],
  );
}

function scale(view) {
  return fitScale(view) * view.at.zoom;
}

function toScreen(view, x, y) {
  const k = scale(view);
  return [(x - view.at.x) * k + view.width / 2, view.height / 2 - (y - view.at.y) * k];
}

function toMap(view, left, top) {
  const k = scale(view);
  return [(left - view.width / 2) / k + view.at.x, (view.height / 2 - top) / k + view.at.y];
}

function pictureSize(view) {
  const { span, n } = view.points;
  const spacing = Math.sqrt((span[0] * span[1]) / n) * 0.85;
  const size = spacing * scale(view);
  if (n < 4) return 130;
  if (size <= PICTURE_CALM_PX) return size;
  return Math.min(PICTURE_MOST_PX, PICTURE_CALM_PX * Math.sqrt(size / PICTURE_CALM_PX));
}

// Rows in the window, in the order they are drawn: the last lies on top.
function visibleRows(view) {
  const { points } = view;
  const k = scale(view);
  const margin = Math.max(8, pictureSize(view) / 2) / k;
  const halfWidth = view.width / 2 / k + margin;
  const halfHeight = view.height / 2 / k + margin;
  const rows = [];
  for (let row = 0; row < points.n; row += 1) {
    if (Math.abs(points.x[row] - view.at.x) <= halfWidth && Math.abs(points.y[row] - view.at.y) <= halfHeight) rows.push(row);
  }
  return rows;
}

function zoomAt(view, factor, left = view.width / 2, top = view.height / 2) {
  const before = toMap(view, left, top);
  view.at.zoom = Math.min(ZOOM[1], Math.max(ZOOM[0], view.at.zoom * factor));
  const after = toMap(view, left, top);
  view.at.x += before[0] - after[0];
  view.at.y += before[1] - after[1];
  moved(view);
}

function pan(view, dx, dy) {
  const k = scale(view);
  view.at.x -= dx / k;
  view.at.y += dy / k;
  moved(view);
}

function fit(view) {
  view.at = { x: view.points.middle[0], y: view.points.middle[1], zoom: 1 };
  moved(view);
}

// The topmost picture or dot under a place of the window.
function rowUnder(view, left, top) {
  const { points, drawn } = view;
  if (!drawn) return -1;
  for (let i = drawn.rows.length - 1; i >= 0; i -= 1) {
    const row = drawn.rows[i];
    const [x, y] = toScreen(view, points.x[row], points.y[row]);
    const [width, height] = i >= drawn.firstPicture ? boxOf(view, row, drawn.size) : [drawn.dot + 6, drawn.dot + 6];
    if (Math.abs(left - x) <= width / 2 && Math.abs(top - y) <= height / 2) return row;
  }
  return -1;
}

// Width and height of a picture whose area is that of a square of `size`.
function boxOf(view, row, size) {
  const bitmap = view.album.get(row);
  const aspect = bitmap ? Math.min(2, Math.max(0.5, bitmap.width / bitmap.height)) : 1;
  return [size * Math.sqrt(aspect), size / Math.sqrt(aspect)];
}

function rowsInside(view, path) {
  const { points } = view;
  const inside = [];
  for (const row of view.drawn.rows) {
    const [x, y] = toScreen(view, points.x[row], points.y[row]);
    if (x >= 0 && y >= 0 && x <= view.width && y <= view.height && isInside(path, x, y)) inside.push(row);
  }
  return inside;
}

function isInside(path, x, y) {
  let inside = false;
  for (let i = 0, j = path.length - 1; i < path.length; j = i, i += 1) {
    const [xi, yi] = path[i];
    const [xj, yj] = path[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

// The nearest picture in a direction of the screen, for the arrow keys.
function rowTowards(view, from, dx, dy) {
  const { points } = view;
  const [x0, y0] = toScreen(view, points.x[from], points.y[from]);
  let best = -1;
  let least = Infinity;
  for (let row = 0; row < points.n; row += 1) {
    if (row === from) continue;
    const [x, y] = toScreen(view, points.x[row], points.y[row]);
    const along = (x - x0) * dx + (y - y0) * dy;
    const aside = Math.abs((x - x0) * dy) + Math.abs((y - y0) * dx);
    if (along <= 0.01 || aside > along * 1.5) continue;
    const cost = along + 2 * aside;
    if (cost < least) [best, least] = [row, cost];
  }
  return best;
}
