// The filters: options with what would remain under each, ranges with their shape, chips of what is chosen.

const PANELS = new WeakMap();

export default function facetPanel(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  let panel = PANELS.get(root);
  if (!panel) {
    const narrow = window.matchMedia("(max-width: 40rem)").matches;
    panel = { open: new Map([["tag", true]]), finds: new Map(), step: 0, wide: !narrow, timer: 0 };
    PANELS.set(root, panel);
  }
  panel.send = component;
  panel.data = component.data;
  if (panel.data.taken >= panel.step) panel.chosen = structuredClone(panel.data.chosen);
  drawPanel(root, panel);
}

function commit(root, panel) {
  panel.step = Math.max(Date.now(), panel.step + 1);
  panel.send.setStateValue("chosen", { chosen: panel.chosen, step: panel.step });
  drawPanel(root, panel);
}

function drawPanel(root, panel) {
  const focus = root.getRootNode().activeElement?.dataset?.focus;
  const scrolled = new Map();
  for (const list of root.querySelectorAll(".options")) scrolled.set(list.dataset.facet, list.scrollTop);
  const outer = element("details", "narrow");
  outer.open = panel.wide;
  outer.addEventListener("toggle", () => { panel.wide = outer.open; });
  const chips = chosenChips(root, panel);
  outer.append(element("summary", "", chips.length ? `Filters (${chips.length})` : "Filters"));
  const inner = element("div", "panel");
  const top = element("div", "top");
  const clear = textButton("Clear all", () => { panel.chosen = {}; panel.finds.clear(); commit(root, panel); });
  clear.hidden = chips.length === 0;
  top.append(element("h2", "heading", "Filters"), clear);
  const list = element("ul", "chips");
  list.append(...chips);
  inner.append(top, list, ...panel.data.facets.map((facet) => drawFacet(root, panel, facet)));
  outer.append(inner);
  root.replaceChildren(outer);
  for (const options of root.querySelectorAll(".options")) options.scrollTop = scrolled.get(options.dataset.facet) ?? 0;
  if (focus) root.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
}

function chosenChips(root, panel) {
  const chips = [];
  for (const facet of panel.data.facets) {
    const chosen = panel.chosen[facet.name];
    if (!chosen) continue;
    if (facet.kind === "range") {
      const words = `${facet.title}: ${chosen[0] || "…"} – ${chosen[1] || "…"}`;
      chips.push(chip(words, () => { delete panel.chosen[facet.name]; commit(root, panel); }));
      continue;
    }
    for (const value of chosen) {
      const known = facet.options.find((option) => option.value === value);
      chips.push(chip(`${facet.title}: ${known ? known.label : value}`, () => choose(root, panel, facet, value, false)));
    }
  }
  return chips;
}

function chip(words, remove) {
  const item = element("li", "");
  const button = element("button", "chip");
  button.append(element("span", "words", words));
  button.type = "button";
  button.title = `Remove the filter ${words}`;
  button.addEventListener("click", remove);
  item.append(button);
  return item;
}

function drawFacet(root, panel, facet) {
  const box = element("details", "facet");
  const chosen = panel.chosen[facet.name];
  box.open = panel.open.get(facet.name) ?? Boolean(chosen);
  const summary = element("summary", "");
  summary.dataset.focus = facet.name;
  if (facet.help) summary.title = facet.help;
  summary.append(element("span", "name", facet.title));
  if (chosen && facet.kind !== "range") summary.append(element("span", "chosen", String(chosen.length)));
  else if (chosen) summary.append(element("span", "chosen", "set"));
  const inside = element("div", "inside");
  const fill = () => inside.replaceChildren(...(facet.kind === "range" ? drawRange : drawOptions)(root, panel, facet));
  if (box.open) fill(); // closed ones hold hundreds of options that nobody sees
  box.addEventListener("toggle", () => {
    if (box.open && !inside.hasChildNodes()) fill();
    panel.open.set(facet.name, box.open);
  });
  box.append(summary, inside);
  return box;
}

function choose(root, panel, facet, value, chosen) {
  const rest = (panel.chosen[facet.name] ?? []).filter((other) => other !== value);
  const values = chosen ? (facet.single ? [value] : [...rest, value]) : rest;
  if (values.length) panel.chosen[facet.name] = values;
  else delete panel.chosen[facet.name];
  commit(root, panel);
}

function drawOptions(root, panel, facet) {
  const parts = [];
  const needle = (panel.finds.get(facet.name) ?? "").toLowerCase();
  const list = element("ul", "options");
  list.dataset.facet = facet.name;
  const fill = (text) => {
    const options = facet.options.filter((option) => `${option.label} ${option.under ?? ""}`.toLowerCase().includes(text));
    list.replaceChildren(...options.map((option) => drawOption(root, panel, facet, option)));
    if (!options.length) list.replaceChildren(element("li", "more", "Nothing of that name"));
  };
  if (facet.total > 8) {
    const find = element("input", "find");
    find.type = "search";
    find.placeholder = `Find among ${facet.total.toLocaleString("en")}`;
    find.setAttribute("aria-label", `Find in ${facet.title}`);
    find.value = panel.finds.get(facet.name) ?? "";
    find.dataset.focus = `find ${facet.name}`;
    find.addEventListener("input", () => {
      panel.finds.set(facet.name, find.value);
      fill(find.value.toLowerCase());
      if (facet.total <= facet.options.length && !facet.cut) return;
      clearTimeout(panel.timer);
      panel.timer = setTimeout(() => panel.send.setStateValue("finds", Object.fromEntries(panel.finds)), 350);
    });
    parts.push(find);
  }
  fill(needle);
  parts.push(list);
  if (facet.cut) parts.push(element("p", "more", `The ${facet.options.length} with the most pictures; find the others by name.`));
  return parts;
}

function drawOption(root, panel, facet, option) {
  const item = element("li", "");
  const label = element("label", option.remaining ? "option" : "option none");
  const box = element("input", "");
  box.type = facet.single ? "radio" : "checkbox";
  box.checked = (panel.chosen[facet.name] ?? []).includes(option.value);
  box.dataset.focus = `${facet.name} ${option.value}`;
  box.addEventListener("click", () => {
    const was = (panel.chosen[facet.name] ?? []).includes(option.value);
    choose(root, panel, facet, option.value, !was);
  });
  const text = element("span", "");
  const words = element("span", "label", option.label);
  words.title = option.label;
  text.append(words);
  if (option.under) text.append(element("span", "under", option.under));
  label.append(box, text, element("span", "remaining", option.remaining.toLocaleString("en")));
  item.append(label);
  return item;
}

function drawRange(root, panel, facet) {
  if (!facet.bins.length) return [element("p", "more", facet.missing)];
  const bars = element("div", "bars");
  const most = Math.max(1, ...facet.bins);
  facet.bins.forEach((count, index) => {
    const bar = element("div", count ? "bar" : "bar empty");
    bar.style.height = `${(count / most) * 100}%`;
    bar.title = `${facet.edges[index]} – ${facet.edges[index + 1]}: ${count.toLocaleString("en")} pictures`;
    bars.append(bar);
  });
  const ends = element("div", "ends");
  ends.append(element("span", "", facet.edges[0]), element("span", "", facet.edges[facet.edges.length - 1]));
  const between = element("div", "between");
  const chosen = panel.chosen[facet.name] ?? ["", ""];
  const inputs = ["from", "to"].map((side, index) => {
    const input = element("input", "");
    input.type = facet.days ? "date" : "text";
    input.inputMode = "decimal";
    input.placeholder = side;
    input.value = chosen[index];
    input.dataset.focus = `${facet.name} ${side}`;
    input.setAttribute("aria-label", `${facet.title} ${side}`);
    return input;
  });
  const read = () => {
    const ends = inputs.map((input) => input.value.trim().replaceAll(",", ""));
    const wrong = ends.map((end) => end !== "" && !facet.days && !Number.isFinite(Number(end)));
    inputs.forEach((input, index) => input.classList.toggle("wrong", wrong[index]));
    if (wrong.some(Boolean)) return;
    if (ends[0] && ends[1] && (facet.days ? ends[0] > ends[1] : Number(ends[0]) > Number(ends[1]))) ends.reverse();
    if (ends[0] || ends[1]) panel.chosen[facet.name] = ends;
    else delete panel.chosen[facet.name];
    commit(root, panel);
  };
  for (const input of inputs) {
    input.addEventListener("change", read);
  }
  between.append(inputs[0], element("span", "", "to"), inputs[1]);
  return [bars, ends, between];
}

function textButton(words, act) {
  const button = element("button", "text-button", words);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}
