// Drawing: dots when far away, pictures when near, higher GRE-Score on top; labels over all.

const DIM = 0.1;
const HOLD_MS = 400; // how long a theme is believed before it is read again

function paint(view) {
  const { context, points } = view;
  const theme = themeOf(view);
  context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  context.fillStyle = theme.ground;
  context.fillRect(0, 0, view.width, view.height);
  const rows = visibleRows(view);
  const size = pictureSize(view);
  const near = size >= PICTURE_FROM_PX;
  const firstPicture = near ? Math.max(0, rows.length - PICTURES_AT_ONCE) : rows.length;
  const dot = Math.min(9, Math.max(3.5, size * 0.55));
  view.drawn = { rows, firstPicture, size, dot };
  if (view.alone === null) paintRows(view, theme, () => true, 1);
  else {
    paintRows(view, theme, (row) => groupOf(view, row) !== view.alone, DIM);
    paintRows(view, theme, (row) => groupOf(view, row) === view.alone, 1);
  }
  paintPicks(view, theme);
  if (view.labelled) paintLabels(view, theme);
  if (view.under >= 0) paintOutline(view, view.under, theme.ink, 2);
  if (view.focus >= 0 && view.focused) paintOutline(view, view.focus, theme.primary, 3);
  if (view.lasso) paintLasso(view, theme);
  view.album.want(view, near ? rows.slice(firstPicture).reverse() : []);
  if (view.focus >= 0) view.root.dataset.focus = toScreen(view, points.x[view.focus], points.y[view.focus]).map(Math.round).join();
  view.root.dataset.level = near ? "pictures" : "dots";
  view.root.dataset.zoom = view.at.zoom.toFixed(3);
  view.root.dataset.drawn = points.token;
}

function paintRows(view, theme, wanted, alpha) {
  const { context, points, drawn } = view;
  context.globalAlpha = alpha;
  const k = scale(view);
  const [left, top] = [view.width / 2 - view.at.x * k, view.height / 2 + view.at.y * k];
  const side = drawn.dot + 2;
  for (let i = 0; i < drawn.rows.length; i += 1) {
    const row = drawn.rows[i];
    if (!wanted(row)) continue;
    const x = points.x[row] * k + left;
    const y = top - points.y[row] * k;
    if (i < drawn.firstPicture) context.drawImage(dotSprite(view, theme, colourOf(view, row)), x - side / 2, y - side / 2, side, side);
    else paintPicture(view, theme, row, x, y);
  }
  context.globalAlpha = 1;
}

function paintPicture(view, theme, row, x, y) {
  const { context, drawn, album } = view;
  const bitmap = album.get(row);
  const [width, height] = boxOf(view, row, drawn.size);
  const edge = Math.min(3, Math.max(1.5, drawn.size / 18));
  context.fillStyle = colourOf(view, row);
  context.fillRect(x - width / 2 - edge, y - height / 2 - edge, width + 2 * edge, height + 2 * edge);
  if (bitmap) {
    context.drawImage(bitmap, x - width / 2, y - height / 2, width, height);
  } else {
    context.fillStyle = theme.ground;
    context.fillRect(x - width / 2, y - height / 2, width, height);
    if (album.lacks(row)) paintLack(context, theme, x, y, width, height);
  }
  if (view.picked.has(row)) paintOutline(view, row, theme.primary, 3, true);
}

// No picture is stored, or it could not be loaded.
function paintLack(context, theme, x, y, width, height) {
  context.strokeStyle = theme.muted;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x - width / 2, y + height / 2);
  context.lineTo(x + width / 2, y - height / 2);
  context.stroke();
}

// Picked dots stand out over all; picked pictures keep their place in the stack.
function paintPicks(view, theme) {
  for (const row of view.drawn.rows.slice(0, view.drawn.firstPicture)) {
    if (view.picked.has(row)) paintOutline(view, row, theme.primary, 2);
  }
}

function paintOutline(view, row, colour, width, ticked = false) {
  const { context, points, drawn } = view;
  const [x, y] = toScreen(view, points.x[row], points.y[row]);
  const near = drawn.size >= PICTURE_FROM_PX;
  const [w, h] = near ? boxOf(view, row, drawn.size) : [drawn.dot + 4, drawn.dot + 4];
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.strokeRect(x - w / 2 - width, y - h / 2 - width, w + 2 * width, h + 2 * width);
  if (!ticked || drawn.size < 28) return;
  const side = 14;
  context.fillStyle = colour;
  context.fillRect(x + w / 2 - side + width, y - h / 2 - width, side, side);
  context.strokeStyle = view.theme.page;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x + w / 2 - side + width + 3, y - h / 2 - width + 7);
  context.lineTo(x + w / 2 - side + width + 6, y - h / 2 - width + 10);
  context.lineTo(x + w / 2 + width - 3, y - h / 2 - width + 4);
  context.stroke();
}

function paintLabels(view, theme) {
  const { context } = view;
  const taken = [];
  context.font = `600 13px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const most = view.drawn.size >= PICTURE_FROM_PX ? 3 : 2;
  for (const label of view.labels) {
    const text = label.words.slice(0, most).join(" · ");
    const [x, edge] = toScreen(view, label.x, label.y);
    const y = edge - view.drawn.dot / 2 - 11;
    if (x < -40 || y < -10 || x > view.width + 40 || y > view.height + 10) continue;
    const half = context.measureText(text).width / 2 + 6;
    const box = [x - half, y - 12, x + half, y + 12];
    if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    taken.push(box);
    context.lineWidth = 4;
    context.strokeStyle = theme.page;
    context.strokeText(text, x, y);
    context.fillStyle = theme.ink;
    context.fillText(text, x, y);
  }
  view.root.dataset.labels = String(taken.length);
}

function paintLasso(view, theme) {
  const { context, lasso } = view;
  context.beginPath();
  lasso.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
  context.globalAlpha = 0.14;
  context.fillStyle = theme.primary;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 2;
  context.strokeStyle = theme.primary;
  context.stroke();
}

function themeOf(view) {
  if (view.theme && performance.now() - view.themeRead < HOLD_MS) return view.theme;
  const style = getComputedStyle(view.root);
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const page = read("--st-background-color", "#fbfbf9");
  const theme = {
    page,
    ground: read("--st-secondary-background-color", "#f0f1ed"),
    ink: read("--st-text-color", "#1d2523"),
    primary: read("--st-primary-color", "#0b6e5f"),
    muted: "#8a8f8d",
    font: style.fontFamily,
    dark: isDark(page),
  };
  if (!view.theme || view.theme.page !== theme.page) view.sprites = new Map();
  if (view.theme && view.theme.dark !== theme.dark) view.recolour = true;
  view.theme = theme;
  view.themeRead = performance.now();
  if (view.recolour) colourRows(view);
  return theme;
}

function isDark(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return red * 0.3 + green * 0.59 + blue * 0.11 < 128;
}

function dotSprite(view, theme, colour) {
  let sprite = view.sprites.get(colour);
  if (!sprite) {
    sprite = document.createElement("canvas");
    sprite.width = 24;
    sprite.height = 24;
    const context = sprite.getContext("2d");
    context.beginPath();
    context.arc(12, 12, 9.5, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    context.lineWidth = 1.6;
    context.strokeStyle = theme.ground;
    context.stroke();
    view.sprites.set(colour, sprite);
  }
  return sprite;
}

function groupOf(view, row) {
  return view.group[row];
}

function colourOf(view, row) {
  return view.shades[view.group[row]];
}

// Which entry of the legend each picture belongs to, and the colours in the theme in force.
function colourRows(view) {
  const { points, data } = view;
  const { by, codes, entries, range } = data.colour;
  view.recolour = false;
  view.group = new Uint16Array(points.n);
  const shade = view.theme && view.theme.dark ? "dark" : "light";
  view.shades = entries.map((entry) => entry[shade]);
  const last = entries.length - 1; // without a score, or in no group of its own
  for (let row = 0; row < points.n; row += 1) {
    if (by === "score") {
      const share = (points.gre[row] - range[0]) / (range[1] - range[0] || 1);
      view.group[row] = Number.isNaN(points.gre[row]) ? last : Math.min(last - 1, Math.max(0, Math.floor(share * last)));
    } else {
      view.group[row] = codes[by === "prompt" ? points.prompt[row] : points.model[row]];
    }
  }
}
