// The first pictures of a prompt under the profile in force and under the draft; a click opens one.
// Pictures that stay are kept, so that nothing flickers while a slider is dragged.

const STRIPS = new WeakMap();

export default function beforeAfter(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  if (!STRIPS.has(root)) {
    STRIPS.set(root, new Map());
    root.append(element("div", "rows"));
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) root.sender.setTriggerValue("opened", button.dataset.image);
    });
  }
  root.sender = component;
  const strips = STRIPS.get(root), { rows, placeholder } = component.data;
  rows.forEach((told, number) => {
    if (!strips.has(number)) strips.set(number, makeStrip(root.querySelector(".rows")));
    fillStrip(strips.get(number), told, placeholder);
  });
  root.dataset.drawn = String(Number(root.dataset.drawn ?? 0) + 1);
}

function makeStrip(rows) {
  const strip = { title: element("p", "title"), list: element("ol", "strip"), items: new Map() };
  const box = element("div");
  box.append(strip.title, strip.list);
  rows.append(box);
  return strip;
}

function fillStrip(strip, told, placeholder) {
  strip.title.textContent = strip.title.title = told.title;
  const there = new Set(told.pictures.map((fact) => fact.id));
  for (const [id, item] of strip.items) {
    if (there.has(id)) continue;
    item.box.remove();
    strip.items.delete(id);
  }
  told.pictures.forEach((fact, place) => {
    if (!strip.items.has(fact.id)) strip.items.set(fact.id, makeItem(fact, placeholder));
    const item = strip.items.get(fact.id);
    item.box.className = `item ${fact.kind}`;
    item.moved.textContent = fact.moved;
    item.note.textContent = fact.note;
    item.button.setAttribute("aria-label", `Open the picture by ${fact.name}, ${fact.note}`);
    if (strip.list.children[place] !== item.box) strip.list.insertBefore(item.box, strip.list.children[place] ?? null);
  });
}

function makeItem(fact, placeholder) {
  const item = { box: element("li"), button: element("button", "open"), moved: element("span", "moved"), note: element("div", "note") };
  item.button.type = "button";
  item.button.dataset.image = fact.id;
  item.button.title = fact.name;
  item.button.append(picture(fact.src, "", placeholder), item.moved);
  const name = element("div", "name", fact.name);
  name.title = fact.name;
  item.box.append(item.button, name, item.note);
  return item;
}
