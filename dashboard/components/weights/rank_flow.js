// A bump chart: models as the profile in force ranks them, left, and as the draft does, right.

const ROW = 28; // px: the height of an entry, 1.75rem at 16 px, measured when drawn

export default function rankFlow(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  const { titles, top, models, changes, hint } = component.data;
  const flow = element("div", "flow");
  const readout = element("p", "readout", hint);
  const before = side("before", titles[0], models.filter((model) => inside(model.before, top)), "before");
  const after = side("after", titles[1], models.filter((model) => inside(model.after, top)), "after");
  const middle = element("div", "middle");
  flow.append(before, middle, after);
  const focused = root.getRootNode().activeElement?.dataset?.model;
  root.replaceChildren(element("p", "changes", changes), flow, readout);
  middle.append(lines(models, top, before.querySelector(".side"), after.querySelector(".side"), middle));
  follow(flow, readout, hint, new Map(models.map((model) => [model.id, model])));
  root.dataset.shows = "ranking";
  root.dataset.order = after.dataset.order;
  if (focused) after.querySelector(`[data-model="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function inside(rank, top) {
  return rank > 0 && rank <= top;
}

function side(name, title, shown, key) {
  const box = element("div", name);
  const heading = element("p", `title ${name}`, title);
  heading.title = title;
  const list = element("ol", "side");
  const sorted = shown.slice().sort((one, other) => one[key] - other[key]);
  list.append(...sorted.map((model) => entry(model, key)));
  box.dataset.order = sorted.map((model) => model.id).join();
  box.append(heading, list);
  return box;
}

function entry(model, key) {
  const item = element("li", `entry ${model.kind}`);
  item.tabIndex = 0;
  item.dataset.model = model.id;
  item.setAttribute("aria-label", model.words);
  const name = element("span", "name", model.name);
  if (model.version) name.append(" ", element("span", "version", model.version));
  name.title = model.version ? `${model.name} ${model.version}` : model.name;
  const marked = key === "after" ? model.kind !== "left" : model.kind === "left";
  const moved = element("span", "moved", marked ? model.moved : "");
  moved.hidden = !marked || !model.moved;
  item.append(element("span", "place", model[key]), name, moved);
  return item;
}

function lines(models, top, before, after, middle) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const first = before.firstElementChild ?? after.firstElementChild;
  const row = first ? first.getBoundingClientRect().height || ROW : ROW;
  const offset = before.offsetTop - middle.offsetTop;
  const deepest = Math.max(before.children.length, after.children.length) * row;
  const places = (list) => new Map([...list.children].map((item, place) => [item.dataset.model, (place + 0.5) * row]));
  const from = places(before), to = places(after);
  svg.setAttribute("class", "lines");
  const whole = models.every((model) => from.has(model.id) && to.has(model.id));
  const height = deepest + (whole ? 0 : row); // room for lines that come from beneath or go there
  svg.setAttribute("viewBox", `0 0 100 ${Math.max(1, height)}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.style.height = `${height}px`;
  svg.style.marginTop = `${Math.max(0, offset)}px`;
  svg.append(...models.map((model) => {
    const start = from.get(model.id), end = to.get(model.id);
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const one = start ?? deepest + row / 2, other = end ?? deepest + row / 2;
    const [x0, x1] = [start === undefined ? 55 : 0, end === undefined ? 45 : 100];
    path.setAttribute("class", `line ${model.kind}`);
    path.dataset.model = model.id;
    path.setAttribute("d", `M ${x0} ${one} C ${(x0 + x1) / 2} ${one} ${(x0 + x1) / 2} ${other} ${x1} ${other}`);
    return path;
  }));
  return svg;
}

function follow(flow, readout, hint, models) {
  const show = (id) => {
    const model = models.get(id);
    flow.classList.toggle("dimmed", Boolean(model));
    for (const part of flow.querySelectorAll("[data-model]")) part.classList.toggle("seen", part.dataset.model === id);
    readout.textContent = model ? model.words : hint;
  };
  const at = (event) => show(event.target.closest?.("[data-model]")?.dataset.model);
  flow.addEventListener("pointerover", at);
  flow.addEventListener("pointerleave", () => show());
  flow.addEventListener("focusin", at);
  flow.addEventListener("focusout", () => show());
}
