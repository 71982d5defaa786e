// What stands around the pictures: progress, the prompt, buttons with their keys, words to the person.

function buildStage(root, sheet) {
  const host = root.getRootNode();
  host.adoptedStyleSheets = [...host.adoptedStyleSheets, sheet];
  const view = { root, data: null, queue: [], screen: "", ready: "loading", turn: 0, tries: 0, timer: undefined, late: false, paintedAt: null, current: null, ahead: [], binHeight: 104 };
  view.level = element("span", "level");
  view.far = element("span", "far number");
  const track = element("span", "meter");
  track.append(view.level);
  const top = element("div", "top");
  top.append(track, view.far);
  view.prompt = element("p", "prompt");
  view.prompt.tabIndex = 0;
  view.prompt.setAttribute("aria-label", "Prompt");
  view.hint = element("p", "hint");
  view.arena = element("div", "arena");
  view.actions = element("div", "actions");
  view.said = element("p", "said");
  view.said.setAttribute("role", "status");
  view.told = element("p", "told");
  view.live = element("p", "live");
  view.live.setAttribute("aria-live", "polite");
  view.zoom = element("dialog", "zoom");
  view.zoom.addEventListener("click", () => view.zoom.close());
  root.replaceChildren(top, view.prompt, view.hint, view.arena, view.actions, view.said, view.told, buildComment(view), view.live, view.zoom);
  root.addEventListener("click", (event) => clickedStage(view, event));
  const pressed = (event) => {
    if (root.isConnected) pressedKey(view, event);
    else document.removeEventListener("keydown", pressed);
  };
  document.addEventListener("keydown", pressed);
  let room = "";
  const fit = () => {
    const now = `${root.clientWidth} x ${window.innerHeight}`;
    if (!root.isConnected || !view.data || now === room) return;
    room = now;
    fitPictures(view);
    showFacts(view);
  };
  new ResizeObserver(fit).observe(root);
  window.addEventListener("resize", fit);
  return view;
}

function buildComment(view) {
  view.comment = element("form", "comment");
  view.comment.hidden = true;
  view.words = element("textarea", "words");
  view.words.rows = 2;
  view.words.maxLength = 2000;
  view.words.setAttribute("aria-label", "Comment");
  view.words.addEventListener("input", () => showFacts(view));
  view.words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) sendComment(view);
    if (event.key === "Escape") view.comment.hidden = true;
  });
  view.addComment = element("button", "button", "Add comment");
  view.comment.append(view.words, view.addComment);
  view.comment.addEventListener("submit", (event) => {
    event.preventDefault();
    sendComment(view);
  });
  return view.comment;
}

function sendComment(view) {
  const comment = view.words.value.trim();
  if (comment) give(view, "comment", { comment });
}

function showFacts(view) {
  const { data, root } = view;
  const waiting = view.queue.length > 0;
  root.dataset.ready = waiting ? "waiting" : view.ready;
  root.dataset.step = data.step;
  root.dataset.mode = data.mode;
  root.setAttribute("aria-busy", String(waiting || NOT_YET.includes(view.ready)));
  view.level.style.width = `${data.share * 100}%`;
  view.far.textContent = data.far;
  view.prompt.textContent = data.prompt;
  view.prompt.hidden = data.over;
  view.hint.hidden = data.over || data.mode !== "sort";
  view.hint.replaceChildren(...TRAY_HINT.map(([tag, words]) => element(tag, "", words)));
  showActions(view);
  view.said.textContent = view.late ? "Not stored yet: the server does not answer. It is sent again until it does; nothing is lost." : data.said || (view.ready === "blocked" ? blockedWords(view) : "");
  showTold(view);
  const placeholder = data.over ? "A comment on the session" : "A comment on these pictures";
  view.words.placeholder = placeholder;
  view.addComment.disabled = !may(view, "comment") || !view.words.value.trim();
  if (view.tray) view.tray.forEach((list) => list.option("disabled", waiting || view.ready !== "open"));
}

function blockedWords(view) {
  if (view.failed) return "A picture could not be loaded. Reload the page to try again, or skip.";
  const things = view.data.mode === "sort" ? "batch" : "pair";
  return `Not all pictures can be shown, so this ${things} cannot be judged. Skip it.`;
}

function showActions(view) {
  const { data } = view;
  const acts = data.over ? OVER_ACTS : data.mode === "sort" ? TRAY_ACTS : PAIR_ACTS;
  const wanted = acts.map(([act]) => act).join();
  if (view.actions.dataset.acts !== wanted) {
    view.actions.dataset.acts = wanted;
    view.actions.replaceChildren(...acts.map(actButton));
  }
  for (const button of view.actions.children) {
    const kind = button.dataset.kind;
    button.disabled = kind === "look" ? view.ready !== "open" && !data.over : !may(view, kind);
    button.firstChild.textContent = sided(view, button.dataset.words);
  }
}

function actButton([act, words, keys, kind, look]) {
  const button = element("button", `button ${look || ""}`);
  button.type = "button";
  button.dataset.act = act;
  button.dataset.kind = kind;
  button.dataset.words = words;
  button.append(element("span", "", words));
  for (const key of keys) button.append(element("kbd", "", key));
  return button;
}

function showTold(view) {
  view.told.replaceChildren(
    ...view.data.told.flatMap(({ words, model }, place) => {
      const parts = [place ? " · " : "", sided(view, words)];
      return model ? [...parts, " ", element("span", "model", model)] : parts;
    })
  );
}

// Where there is no room side by side, the left picture stands above.
function sided(view, words) {
  if (!view.stacked) return words;
  return words.replace(/left|right/gi, (side) => ({ left: "upper", Left: "Upper", right: "lower", Right: "Lower" })[side]);
}

function clickedStage(view, event) {
  const target = event.target.closest("[data-act]");
  if (!target || target.disabled) return;
  act(view, target.dataset.act, target);
}

function act(view, name, target) {
  if (name === "undo") undo(view);
  else if (name === "skip") give(view, "skip");
  else if (name === "comment") {
    view.comment.hidden = !view.comment.hidden;
    if (!view.comment.hidden) view.words.focus();
  } else if (name === "zoom") openZoom(view, target);
  else if (name === "submit") submitTray(view);
  else if (name === "bin") binCard(view, target.closest(".card"));
  else vote(view, name);
}

// Keys work wherever the focus is, but where something is written or chosen.
function pressedKey(view, event) {
  const [target, ...around] = event.composedPath();
  if (!view.data || event.defaultPrevented || event.ctrlKey || event.metaKey || event.isComposing) return;
  if ([target, ...around].some((node) => node.matches?.(OWN_KEYS)) || document.querySelector("[role=dialog]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const keys = view.data.over ? OVER_KEYS : view.data.mode === "sort" ? null : PAIR_KEYS;
  const name = keys && !event.altKey ? keys[key] : null;
  const done = keys ? name && (event.repeat || act(view, name) || true) : pressedInTray(view, event, key, target);
  if (done) event.preventDefault();
}

function openZoom(view, target) {
  if (view.zoom.open) return view.zoom.close();
  const wanted = zoomed(view, target);
  if (!wanted.length) return;
  view.zoom.replaceChildren(
    ...wanted.map((each) => {
      const image = element("img");
      image.alt = "";
      image.src = each.src;
      return image;
    })
  );
  view.zoom.showModal();
}

function zoomed(view, target) {
  const { pictures, mode } = view.data;
  const card = target?.closest?.(".card") || (mode === "sort" ? view.current : null);
  return pictures.filter((each) => each.src && (!card || each.id === card.dataset.picture));
}

const OWN_KEYS = "input, textarea, select, [contenteditable=true], [role=listbox], [role=tablist], [role=menu]";
const OVER_ACTS = [["undo", "Undo the last answer", ["U"], "undo"], ["comment", "Comment", [], "comment"]];
const OVER_KEYS = { u: "undo" };
