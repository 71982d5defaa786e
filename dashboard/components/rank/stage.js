// The stage of a ranking session. What is answered is kept, here and in the tab's storage, until the
// server shows a later step; it takes each step once, so sending again does no harm. An answer is taken
// only to pictures that have been painted for a while.

const SETTLE_MS = 250;
const RESEND_MS = 4000;
const PATIENT_TRIES = 2; // then the whole page is run: a server started anew knows no part of it
const SLOW_MS = 400;
const RETRIES_MS = [500, 2000, 5000];
const GAP = 10;
const WORTH_A_ROW = 1.15; // so much larger must pictures be for one more row
const NOT_YET = ["loading", "settling"];
const VIEWS = new WeakMap();

export default function stageScripts(component) {
  const stage = (globalThis.gemboardStage ??= { waiting: new Map() });
  stage.wake = () => component.setStateValue("woken", Date.now());
  if (stage.show) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(component.data.css);
  stage.show = (mounted) => showStage(mounted, sheet);
  for (const mounted of stage.waiting.values()) stage.show(mounted);
  stage.waiting.clear();
}

function showStage(component, sheet) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  let view = VIEWS.get(root);
  if (!view) {
    view = buildStage(root, sheet);
    VIEWS.set(root, view);
  }
  view.send = component;
  takeData(view, component.data);
}

function takeData(view, data) {
  const before = view.data;
  if (!before || before.session !== data.session) {
    view.queue = storedAnswers(data.session);
    view.screen = "";
  }
  view.data = data;
  const refused = new Set(data.refused);
  const sent = view.queue;
  view.queue = sent.filter((answer) => answer.step >= data.step && !refused.has(answer.id));
  if (view.queue.length < sent.length) {
    view.late = false;
    view.tries = 0;
    window.clearTimeout(view.timer);
    if (sent.some((answer) => answer.kind === "comment" && answer.step < data.step)) view.words.value = "";
  }
  keepAnswers(view);
  const screen = JSON.stringify([data.answered, data.pictures]);
  if (screen !== view.screen) {
    view.screen = screen;
    showPictures(view);
  }
  showFacts(view);
  if (view.queue.length && !view.timer) sendAnswers(view);
}

// Answers on their way

function may(view, kind) {
  if (!view.data || view.queue.length) return false;
  if (kind === "undo") return Boolean(view.data.undoable) && !NOT_YET.includes(view.ready);
  if (kind === "comment") return !NOT_YET.includes(view.ready);
  if (kind === "skip") return view.ready === "open" || view.ready === "blocked";
  return view.ready === "open";
}

function give(view, kind, more) {
  if (!may(view, kind)) return false;
  const { session, step, pictures } = view.data;
  view.queue.push({
    id: `${Date.now()}-${Math.random().toString(36).slice(2)}`,
    session,
    step,
    kind,
    shown: pictures.map((each) => each.id),
    ms: view.paintedAt === null ? null : Math.round(performance.now() - view.paintedAt),
    ...more,
  });
  keepAnswers(view);
  sendAnswers(view);
  showFacts(view);
  return true;
}

function undo(view) {
  give(view, "undo", { undoes: view.data.undoable });
}

function sendAnswers(view) {
  if (!view.root.isConnected) return;
  view.tries += 1;
  const answers = view.queue.map((answer) => ({ ...answer, tries: view.tries }));
  if (view.tries > PATIENT_TRIES) globalThis.gemboardStage.wake(); // it takes along what was set before
  else view.send.setStateValue("answers", answers);
  window.clearTimeout(view.timer);
  view.timer = window.setTimeout(() => {
    if (!view.queue.length) return;
    view.late = true;
    showFacts(view);
    sendAnswers(view);
  }, RESEND_MS);
}

function storageName(session) {
  return `gemboard.rank.${session}`;
}

function storedAnswers(session) {
  try {
    const stored = JSON.parse(window.sessionStorage.getItem(storageName(session)) || "[]");
    return Array.isArray(stored) ? stored.filter((answer) => answer.session === session) : [];
  } catch {
    return [];
  }
}

function keepAnswers(view) {
  if (!view.queue.length) view.timer = void window.clearTimeout(view.timer);
  try {
    const name = storageName(view.data.session);
    if (view.queue.length) window.sessionStorage.setItem(name, JSON.stringify(view.queue));
    else window.sessionStorage.removeItem(name);
  } catch {
    // a browser that stores nothing keeps the answer in memory alone
  }
}

// Pictures: none takes an answer before it was painted

async function showPictures(view) {
  const { data } = view;
  const turn = (view.turn += 1);
  view.ready = "loading";
  view.paintedAt = null;
  view.zoom.close();
  const slow = window.setTimeout(() => turn === view.turn && view.root.classList.add("slow"), SLOW_MS);
  const pictures = await Promise.all(data.pictures.map((each) => (each.src ? loadedPicture(view, each) : null)));
  window.clearTimeout(slow);
  if (turn !== view.turn) return;
  view.root.classList.remove("slow");
  const shown = data.pictures.map((each, place) => pictures[place] || blank(each.note || "This picture could not be loaded"));
  view.arena.replaceChildren(...(data.over ? [] : data.mode === "sort" ? drawTray(view, shown) : drawPair(view, shown)));
  fitPictures(view);
  if (data.over) return become(view, "over");
  view.failed = data.pictures.some((each, place) => each.src && !pictures[place]);
  if (pictures.includes(null)) return become(view, "blocked");
  showFacts(view);
  await nextFrame();
  await nextFrame();
  if (turn !== view.turn) return;
  view.paintedAt = performance.now();
  become(view, "settling");
  const detail = { session: data.session, shown: data.pictures.map((each) => each.id), at: Date.now() };
  view.root.dispatchEvent(new CustomEvent("gemboard-painted", { bubbles: true, composed: true, detail }));
  window.setTimeout(() => {
    if (turn !== view.turn) return;
    become(view, "open");
    if (data.mode === "sort") beginTray(view);
    view.ahead = data.next.map((each) => Object.assign(new Image(), { src: address(view, each) }));
  }, SETTLE_MS);
}

function become(view, ready) {
  view.ready = ready;
  showFacts(view);
}

async function loadedPicture(view, source) {
  const image = element("img", "picture");
  image.alt = "";
  image.draggable = false;
  for (const wait_ms of [...RETRIES_MS, 0]) {
    image.src = address(view, source);
    try {
      await image.decode();
      return image;
    } catch {
      await new Promise((go) => window.setTimeout(go, wait_ms));
    }
  }
  return null;
}

// The thumbnail where it is as large as what is shown, else the picture itself.
function address(view, source) {
  const wanted = Math.max(...bestSize(view).slice(1)) * (window.devicePixelRatio || 1);
  return wanted > view.data.small_px ? source.src : source.small;
}

function nextFrame() {
  return new Promise((go) => window.requestAnimationFrame(go));
}

// Room: all pictures of a screen are seen at once

function bestSize(view) {
  const { data, arena, root } = view;
  const count = Math.max(2, data.pictures.length);
  const bin = data.bin ? view.binHeight : 0;
  const scroller = root.getRootNode().host?.closest("[data-testid=stMain]");
  const top = arena.getBoundingClientRect().top + (scroller ? scroller.scrollTop : window.scrollY);
  const room = Math.max(160, window.innerHeight - top - view.actions.offsetHeight - bin - 20);
  const width = root.clientWidth || 600;
  let best = [1, 0, 0];
  for (let columns = count; columns > 0; columns -= 1) {
    const rows = Math.ceil(count / columns);
    const across = Math.min((width - GAP * (columns - 1)) / columns, ((room - GAP * (rows - 1)) / rows) * data.aspect);
    if (across > best[1] * WORTH_A_ROW) best = [columns, across, across / data.aspect];
  }
  return best;
}

function fitPictures(view) {
  const [columns, width, height] = bestSize(view);
  view.stacked = view.data.mode === "battle" && columns === 1;
  view.arena.style.setProperty("--columns", columns);
  view.arena.style.setProperty("--across", `${Math.floor(width)}px`);
  view.arena.style.setProperty("--down", `${Math.floor(height)}px`);
}
