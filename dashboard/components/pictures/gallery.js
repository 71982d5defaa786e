// Pictures as a grid, a table or a matrix: each opens, and a toggle on each puts it into the selection.

const VIEWS = new WeakMap();

export default function gallery(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  let view = VIEWS.get(root);
  if (!view) {
    view = { shown: "", picked: new Set(), ticks: [], send: null };
    VIEWS.set(root, view);
    root.addEventListener("click", (event) => clicked(root, view, event));
  }
  view.send = component;
  view.data = component.data;
  const { picked, applied, ...rest } = view.data;
  const shown = JSON.stringify(rest);
  if (shown !== view.shown) {
    const turned = view.shown !== "";
    view.shown = shown;
    const draw = { grid: drawGrid, table: drawTable, matrix: drawMatrix }[view.data.layout];
    root.querySelector(".stand").replaceChildren(draw(view.data));
    if (turned && root.getBoundingClientRect().top < 0) root.scrollIntoView({ block: "start" });
  }
  view.picked = new Set(picked);
  for (const tick of view.ticks) if (tick.step > applied) apply(view, tick);
  markPicked(root, view);
}

function clicked(root, view, event) {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.ask) {
    view.send.setTriggerValue("asked", JSON.parse(button.dataset.ask));
    return;
  }
  const id = button.closest("[data-image]").dataset.image;
  if (button.classList.contains("pick")) toggle(root, view, id);
  else view.send.setTriggerValue("opened", id);
}

// Every tick is sent as what was meant, with a step that only rises, and together with those before
// it: none is lost when several fall into one run, or when the selection changes elsewhere meanwhile.
function toggle(root, view, id) {
  const step = Math.max(Date.now(), (view.ticks.at(-1)?.step ?? 0) + 1);
  const tick = { step, id, picked: !view.picked.has(id) };
  view.ticks = [...view.ticks.slice(-49), tick];
  apply(view, tick);
  markPicked(root, view);
  view.send.setStateValue("ticks", view.ticks);
}

function apply(view, tick) {
  if (tick.picked) view.picked.add(tick.id);
  else view.picked.delete(tick.id);
}

function markPicked(root, view) {
  for (const item of root.querySelectorAll("[data-image]")) {
    const chosen = view.picked.has(item.dataset.image);
    item.classList.toggle("picked", chosen);
    item.querySelector(".pick").setAttribute("aria-pressed", String(chosen));
  }
}

function pickButton(card) {
  const pick = element("button", "pick");
  pick.type = "button";
  pick.title = "Select";
  pick.setAttribute("aria-label", `Select the picture by ${card.name}`);
  return pick;
}

function frame(card, placeholder) {
  const box = element("div", "frame");
  const open = element("button", "open");
  open.type = "button";
  const standing = card.scored ? `rank ${card.rank}, ${card.score}` : card.score;
  open.setAttribute("aria-label", `Open details of ${card.name}, ${standing}`);
  open.append(picture(card.src, `Picture by ${card.name}`, card.hidden || placeholder));
  const badges = element("span", "badges");
  badges.append(...card.badges.map((text) => element("span", "badge", text)));
  box.append(open, pickButton(card), badges);
  return box;
}

function drawGrid(data) {
  const list = element("ul", "cards");
  list.style.setProperty("--aspect", data.aspect);
  list.append(...data.cards.map((card) => drawCard(card, data.placeholder)));
  return list;
}

function drawCard(card, placeholder) {
  const item = element("li", "card");
  item.dataset.image = card.id;
  const title = element("div", "title");
  const name = element("span", "name", card.name);
  name.title = card.name;
  title.append(element("span", "rank number", card.rank), name);
  const under = element("div", "under");
  const version = element("span", "version", card.version);
  version.title = card.version;
  under.append(version, element("span", card.scored ? "score number" : "score none", card.score));
  item.append(frame(card, placeholder), title, under);
  if (card.prompt) {
    const prompt = element("div", "asked", card.prompt);
    prompt.title = card.prompt;
    item.append(prompt);
  }
  return item;
}

function drawTable(data) {
  const scroller = element("div", "scroller");
  const table = element("table", "rows");
  table.style.setProperty("--aspect", data.aspect);
  const head = table.createTHead().insertRow();
  for (const [text, kind] of [["", ""], ["Rank", "number"], ["Model", ""], ["Prompt", ""], ...data.columns]) {
    const cell = element("th", kind, text);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const card of data.cards) {
    const row = body.insertRow();
    row.dataset.image = card.id;
    const small = element("td", "small");
    small.append(frame({ ...card, badges: [] }, data.placeholder));
    const model = element("td", "");
    model.append(element("div", "name", card.name), element("div", "version", [card.version, ...card.badges].filter(Boolean).join(" · ")));
    const prompt = element("td", "words");
    prompt.append(element("div", "clamp", card.words), element("div", "version", card.tag));
    row.append(small, element("td", "number rank", card.rank), model, prompt);
    row.append(...card.values.map((text) => element("td", text ? "number" : "number unknown", text || "–")));
  }
  scroller.append(table);
  return scroller;
}

function drawMatrix(data) {
  const scroller = element("div", "scroller");
  const table = element("table", "matrix");
  table.style.setProperty("--aspect", data.aspect);
  table.style.setProperty("--columns", data.models.length);
  const head = table.createTHead().insertRow();
  head.append(element("td", "corner"));
  for (const model of data.models) head.append(header("col", model.name, model.version, { model: model.id }));
  const body = table.createTBody();
  for (const prompt of data.prompts) {
    const row = body.insertRow();
    row.append(header("row", prompt.words, prompt.tag, { prompt: prompt.id }));
    for (const model of data.models) {
      const cell = row.insertCell();
      const card = data.cells[`${prompt.id}|${model.id}`];
      if (!card) {
        cell.append(blank("none here"));
        continue;
      }
      cell.dataset.image = card.id;
      cell.append(frame(card, data.placeholder), element("div", card.scored ? "score number" : "score none", card.score));
    }
  }
  scroller.append(table);
  return scroller;
}

function header(scope, text, under, ask) {
  const cell = element("th", "");
  cell.scope = scope;
  const button = element("button", "ask");
  button.type = "button";
  button.dataset.ask = JSON.stringify(ask);
  button.title = `${text}\nShow this ${ask.model ? "model" : "prompt"} alone`;
  button.append(element("span", "clamp", text), element("span", "version", under));
  cell.append(button);
  return cell;
}
