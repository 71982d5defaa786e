// Pointer, wheel, touch and keys.

const CLICK_PX = 5;
const PAN_STEP_PX = 80;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function listen(view) {
  const { canvas } = view;
  canvas.addEventListener("pointerdown", (event) => pressed(view, event));
  canvas.addEventListener("pointermove", (event) => dragged(view, event));
  canvas.addEventListener("pointerup", (event) => released(view, event));
  canvas.addEventListener("pointercancel", (event) => released(view, event, true));
  canvas.addEventListener("pointerleave", () => hover(view, -1));
  canvas.addEventListener("dblclick", (event) => event.preventDefault());
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 20 : 1;
    zoomAt(view, Math.exp(-event.deltaY * lines * 0.0016), ...placeOf(view, event));
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => keyed(view, event));
  canvas.addEventListener("focus", () => {
    view.focused = canvas.matches(":focus-visible");
    redraw(view);
  });
  canvas.addEventListener("blur", () => {
    view.focused = false;
    redraw(view);
  });
}

function placeOf(view, event) {
  const box = view.canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function pressed(view, event) {
  if (!view.points || (event.pointerType === "mouse" && event.button !== 0)) return;
  view.canvas.setPointerCapture(event.pointerId);
  const place = placeOf(view, event);
  view.fingers.set(event.pointerId, place);
  if (view.fingers.size === 1) {
    view.press = { start: place, far: false, lassoing: view.mode === "lasso" || event.shiftKey };
  } else {
    view.lasso = null; // a second finger pinches
    view.press = null;
  }
}

function dragged(view, event) {
  if (!view.points) return;
  const place = placeOf(view, event);
  const before = view.fingers.get(event.pointerId);
  if (!before) {
    view.pointer = place;
    view.asked = true;
    redraw(view);
    return;
  }
  const pinched = view.fingers.size === 2 ? spread(view) : null;
  view.fingers.set(event.pointerId, place);
  if (pinched) {
    const now = spread(view);
    pan(view, now.x - pinched.x, now.y - pinched.y);
    if (pinched.apart > 0) zoomAt(view, now.apart / pinched.apart, now.x, now.y);
    return;
  }
  const { press } = view;
  if (!press) return;
  if (Math.hypot(place[0] - press.start[0], place[1] - press.start[1]) > CLICK_PX) press.far = true;
  if (!press.far) return;
  hover(view, -1);
  if (press.lassoing) {
    view.lasso ??= [press.start];
    view.lasso.push(place);
    redraw(view);
  } else {
    pan(view, place[0] - before[0], place[1] - before[1]);
  }
}

function released(view, event, cancelled = false) {
  const known = view.fingers.delete(event.pointerId);
  const { press, lasso } = view;
  view.press = null;
  view.lasso = null;
  if (!known || !press || cancelled) return redraw(view);
  if (lasso) {
    endLasso(view, lasso);
  } else if (!press.far) {
    const row = rowUnder(view, ...press.start);
    if (row >= 0) {
      view.focus = row;
      pin(view, row);
      pick(view, [row], !view.picked.has(row));
    } else {
      pin(view, -1);
    }
  }
  return redraw(view);
}

function endLasso(view, path) {
  const inside = rowsInside(view, path);
  if (inside.length === 0) return tell(view, "No picture lies inside that line.");
  if (inside.length > view.data.most) {
    return tell(view, `${inside.length.toLocaleString("en")} pictures lie inside; at most ${view.data.most} can be selected at once. Zoom in and draw a smaller line.`);
  }
  const all = inside.every((row) => view.picked.has(row));
  return pick(view, inside, !all);
}

function spread(view) {
  const [a, b] = [...view.fingers.values()];
  return { x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2, apart: Math.hypot(a[0] - b[0], a[1] - b[1]) };
}

function keyed(view, event) {
  if (!view.points || event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = ARROWS[event.key];
  if (arrow && event.shiftKey) pan(view, -arrow[0] * PAN_STEP_PX, -arrow[1] * PAN_STEP_PX);
  else if (arrow) step(view, arrow);
  else if (event.key === "+" || event.key === "=") zoomAt(view, 1.4);
  else if (event.key === "-") zoomAt(view, 1 / 1.4);
  else if (event.key === "0") fit(view);
  else if (event.key === " " && view.focus >= 0) pick(view, [view.focus], !view.picked.has(view.focus));
  else if (event.key === "Enter" && view.focus >= 0) open(view, view.focus);
  else if (event.key === "Escape") pin(view, -1);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function step(view, [dx, dy]) {
  view.focused = true;
  const next = view.focus >= 0 ? rowTowards(view, view.focus, dx, dy) : nearestToMiddle(view);
  if (next < 0) return;
  view.focus = next;
  const [x, y] = toScreen(view, view.points.x[next], view.points.y[next]);
  const inside = x > 20 && y > 20 && x < view.width - 20 && y < view.height - 20;
  if (!inside) pan(view, view.width / 2 - x, view.height / 2 - y);
  pin(view, next);
  tell(view, `${describe(view, next)}${view.picked.has(next) ? ", selected" : ""}`);
}

function nearestToMiddle(view) {
  const { points } = view;
  let best = -1;
  let least = Infinity;
  for (let row = 0; row < points.n; row += 1) {
    const apart = Math.hypot(points.x[row] - view.at.x, points.y[row] - view.at.y);
    if (apart <= least) [best, least] = [row, apart];
  }
  return best;
}
