// Jobs as grids of pictures. What is done to them goes to the server with a step that only rises, and
// with what was done before and is not taken yet: nothing is lost, and nothing is done twice.

const VIEWS = new WeakMap();
const BUTTONS = {
  stop: "Stop",
  retry: "Try again",
  rest: "Make the rest",
  rank: "Rank these",
  keep_all: "Keep all",
  discard_all: "Discard all",
};
const SEEDS = 2 ** 32;

export default function pictureGrid(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  let view = VIEWS.get(root);
  if (!view) {
    view = { boards: new Map(), acts: [] };
    VIEWS.set(root, view);
    view.said = element("p", "said");
    view.said.setAttribute("role", "alert");
    view.stand = element("div", "boards");
    root.append(view.said, view.stand);
    root.addEventListener("click", (event) => clicked(view, event));
    root.addEventListener("keydown", (event) => moved(view, event));
  }
  view.send = component;
  view.data = component.data;
  view.acts = view.acts.filter((act) => act.step > view.data.taken);
  if (view.said.textContent !== view.data.said) view.said.textContent = view.data.said;
  drawBoards(view);
}

function drawBoards(view) {
  const there = new Set(view.data.boards.map((fact) => fact.id));
  for (const [id, board] of view.boards) {
    if (there.has(id)) continue;
    board.box.remove();
    view.boards.delete(id);
  }
  view.data.boards.forEach((fact, place) => {
    if (!view.boards.has(fact.id)) view.boards.set(fact.id, makeBoard(fact.id));
    const board = view.boards.get(fact.id);
    if (view.stand.children[place] !== board.box) view.stand.insertBefore(board.box, view.stand.children[place] ?? null);
    paintHead(board, fact);
    paintCells(view, board, fact);
  });
}

function makeBoard(id) {
  const board = { id, shape: "", cells: [], box: element("section", "board") };
  board.box.dataset.job = id;
  board.title = element("h3", "title");
  board.doing = element("span", "doing");
  board.count = element("span", "count");
  board.count.setAttribute("role", "status");
  board.left = element("span", "left");
  board.acts = element("span", "acts");
  board.line = element("div", "line");
  board.line.append(board.doing, board.count, board.left, board.acts);
  board.meter = meter(0);
  board.meter.setAttribute("role", "progressbar");
  board.meter.setAttribute("aria-label", "Progress");
  board.notes = element("ul", "notes");
  board.scroller = element("div", "scroller");
  board.box.append(board.title, board.line, board.meter, board.notes, board.scroller);
  return board;
}

function paintHead(board, fact) {
  board.box.classList.toggle("failed", fact.state === "failed");
  write(board.title, fact.title);
  write(board.doing, fact.doing);
  write(board.count, fact.count);
  write(board.left, fact.left);
  const over = ["done", "failed", "cancelled"].includes(fact.state);
  board.meter.classList.toggle("over", over);
  board.meter.firstChild.style.width = `${fact.share * 100}%`;
  board.meter.setAttribute("aria-valuenow", String(Math.round(fact.share * 100)));
  const acts = fact.acts.join();
  if (board.acts.dataset.acts !== acts) {
    board.acts.dataset.acts = acts;
    board.acts.replaceChildren(...fact.acts.map(actButton));
  }
  const notes = JSON.stringify(fact.notes);
  if (board.notes.dataset.notes !== notes) {
    board.notes.dataset.notes = notes;
    board.notes.replaceChildren(...fact.notes.map((note) => element("li", "", note)));
  }
}

function write(node, words) {
  if (node.textContent !== words) node.textContent = words;
  node.hidden = words === "";
}

function actButton(act) {
  const button = element("button", `whole ${act}`, BUTTONS[act]);
  button.type = "button";
  button.dataset.act = act;
  return button;
}

function paintCells(view, board, fact) {
  const shape = JSON.stringify([fact.rows, fact.columns, fact.aspect]);
  if (shape !== board.shape) layOut(board, fact, shape);
  const may = { act: fact.mayAct, ask: fact.mayAsk };
  fact.cells.forEach(({ picked, ...cell }, place) => {
    paintCell(board.cells[place], cell, cellName(fact, place), may);
    markCell(view, board, place, Boolean(picked));
  });
}

function layOut(board, fact, shape) {
  board.shape = shape;
  const grid = element("div", "grid");
  grid.style.setProperty("--columns", fact.columns.length);
  grid.style.setProperty("--aspect", fact.aspect);
  const named = fact.rows.some((row) => row !== "");
  grid.classList.toggle("named", named);
  if (named) grid.append(element("span", "corner"));
  grid.append(...fact.columns.map((column) => label("column", column)));
  board.cells = fact.cells.map((_, place) => makeCell(place));
  fact.rows.forEach((row, place) => {
    if (named) grid.append(label("row", row));
    const start = place * fact.columns.length;
    grid.append(...board.cells.slice(start, start + fact.columns.length).map((cell) => cell.box));
  });
  board.scroller.replaceChildren(grid);
}

function label(kind, words) {
  const node = element("span", `label ${kind}`, words);
  node.title = words;
  return node;
}

function cellName(fact, place) {
  const row = fact.rows[Math.floor(place / fact.columns.length)], column = fact.columns[place % fact.columns.length];
  return [row, column].filter(Boolean).join(", ") || `place ${place + 1}`;
}

// What the server has not taken yet is shown as if it had.
function markCell(view, board, place, told) {
  let picked = told, busy = false;
  for (const act of view.acts) {
    if (act.job !== board.id || !act.places.includes(place)) continue;
    if (act.act === "pick" || act.act === "unpick") picked = act.act === "pick";
    else busy = act.act !== "remix";
  }
  const cell = board.cells[place];
  cell.picked = picked;
  cell.box.classList.toggle("picked", picked);
  cell.box.classList.toggle("busy", busy);
  cell.pick.setAttribute("aria-pressed", String(picked));
}

function clicked(view, event) {
  const button = event.target.closest("button");
  if (!button) return;
  const board = view.boards.get(button.closest(".board").dataset.job);
  const box = button.closest(".cell");
  if (!box) {
    if (button.dataset.act !== "discard_all" || sure(button)) act(view, board, button.dataset.act, []);
    return;
  }
  const cell = board.cells[Number(box.dataset.place)];
  if (button === cell.open) view.send.setTriggerValue("opened", { job: board.id, place: cell.place });
  else if (button === cell.pick) act(view, board, cell.picked ? "unpick" : "pick", [cell.place]);
  else if (button.dataset.act !== "discard" || armed(cell)) act(view, board, button.dataset.act, [cell.place]);
}

function sure(button) {
  if (button.classList.contains("armed")) return true;
  button.classList.add("armed");
  button.textContent = "Discard all for good?";
  setTimeout(() => {
    button.classList.remove("armed");
    button.textContent = BUTTONS.discard_all;
  }, ARMED_MS);
  return false;
}

function act(view, board, name, places) {
  const waits = view.acts.some((other) => other.job === board.id && other.act === name);
  if (!places.length && waits) return; // a second click on what the server has not taken yet
  const step = Math.max(Date.now(), (view.acts.at(-1)?.step ?? 0) + 1, view.data.taken + 1);
  const told = { step, job: board.id, act: name, places };
  if (name === "seed") told.seed = crypto.getRandomValues(new Uint32Array(1))[0] % SEEDS;
  view.acts = [...view.acts.slice(-49), told];
  drawBoards(view);
  view.send.setStateValue("acts", view.acts);
}

// Arrow keys go from picture to picture, as in a table.
function moved(view, event) {
  const box = event.target.closest(".cell");
  if (!box || !event.target.classList.contains("open")) return;
  const board = view.boards.get(box.closest(".board").dataset.job);
  const across = Number(getComputedStyle(box.parentElement).getPropertyValue("--columns"));
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
  const next = by && board.cells[Number(box.dataset.place) + by];
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.open.focus();
}
