// A batch to sort: the pictures themselves are dragged, or moved by keys.

const TRAY_ACTS = [
  ["submit", "Submit this order", ["Enter"], "order", "main"],
  ["skip", "Skip batch", ["S"], "skip"],
  ["undo", "Undo", ["U"], "undo", "quiet"],
  ["comment", "Comment", [], "comment", "quiet"],
];
const TRAY_HINT = [
  ["span", "Best first. Drag the pictures."],
  ["kbd", "Alt"],
  ["kbd", "←"],
  ["kbd", "→"],
  ["span", "move the framed one,"],
  ["kbd", "1"],
  ["span", "to"],
  ["kbd", "9"],
  ["span", "place it,"],
  ["kbd", "X"],
  ["span", "rejects it."],
];
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

function drawTray(view, shown) {
  view.ranked = element("ol", "tray");
  view.ranked.setAttribute("aria-label", "Pictures, best first");
  view.ranked.append(...shown.map((node, place) => drawCard(view, node, place)));
  view.current = view.ranked.firstElementChild;
  const parts = [view.ranked];
  view.rejected = element("ul", "bin");
  view.rejected.setAttribute("aria-label", "Rejected pictures");
  view.rejected.dataset.empty = "Reject: drag here what is no good at all";
  if (view.data.bin) parts.push(view.rejected);
  view.tray = [];
  markPlaces(view);
  return parts;
}

function drawCard(view, node, place) {
  const card = element("li", "card");
  card.dataset.picture = view.data.pictures[place].id;
  card.dataset.letter = LETTERS[place] || String(place + 1);
  card.tabIndex = 0;
  card.addEventListener("focus", () => (view.current = card));
  const loupe = element("button", "loupe");
  loupe.type = "button";
  loupe.tabIndex = -1;
  loupe.dataset.act = "zoom";
  loupe.title = "Larger (Z)";
  loupe.setAttribute("aria-label", `Picture ${card.dataset.letter} larger`);
  card.append(node, element("span", "place number"), loupe);
  return card;
}

function beginTray(view) {
  const lists = view.data.bin ? [view.ranked, view.rejected] : [view.ranked];
  view.tray = lists.map((list) =>
    globalThis.Sortable.create(list, {
      group: "pictures",
      draggable: ".card",
      animation: 140,
      forceFallback: true, // the browser's own drag ends at the edge of a shadow root
      fallbackTolerance: 4,
      filter: ".loupe",
      preventOnFilter: false,
      onEnd: (event) => {
        markPlaces(view);
        settled(view, event.item);
      },
    })
  );
  const focused = view.root.getRootNode().activeElement || document.activeElement;
  if (focused === document.body || view.root.contains(focused)) view.current.focus({ preventScroll: true });
}

function markPlaces(view) {
  const cards = [...view.ranked.children];
  for (const [place, card] of cards.entries()) {
    card.querySelector(".place").textContent = place + 1;
    card.setAttribute("aria-label", `Picture ${card.dataset.letter}, place ${place + 1} of ${cards.length}`);
  }
  for (const card of view.rejected.children) {
    card.querySelector(".place").textContent = "×";
    card.setAttribute("aria-label", `Picture ${card.dataset.letter}, rejected`);
  }
}

function settled(view, card) {
  view.current = card;
  view.live.textContent = card.getAttribute("aria-label");
}

function move(view, card, list, place) {
  const others = [...list.children].filter((each) => each !== card);
  list.insertBefore(card, others[Math.max(0, place)] || null);
  card.focus({ preventScroll: true });
  markPlaces(view);
  settled(view, card);
}

function binCard(view, card) {
  if (!card || !view.data.bin) return;
  if (card.parentElement === view.ranked) move(view, card, view.rejected, view.rejected.children.length);
  else move(view, card, view.ranked, view.ranked.children.length);
}

function submitTray(view) {
  const ids = (list) => [...list.children].map((card) => card.dataset.picture);
  give(view, "order", { ranked: ids(view.ranked), rejected: ids(view.rejected) });
}

// Returns whether the key meant something here.
function pressedInTray(view, event, key, target) {
  const card = view.current;
  const onButton = target.closest?.("button");
  if (key === "Enter" && !event.altKey) {
    if (onButton || event.repeat) return false;
    submitTray(view);
    return true;
  }
  const acts = { s: "skip", u: "undo", z: "zoom" };
  if (!event.altKey && acts[key]) {
    if (!event.repeat) act(view, acts[key], card);
    return true;
  }
  if (!may(view, "order") || !card) return false;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step && event.altKey) {
    const cards = [...card.parentElement.children];
    move(view, card, card.parentElement, cards.indexOf(card) + step);
    return true;
  }
  if (step) {
    const cards = [...view.arena.querySelectorAll(".card")];
    cards[Math.min(cards.length - 1, Math.max(0, cards.indexOf(card) + step))].focus({ preventScroll: true });
    return true;
  }
  if (event.altKey) return false;
  if (key === "x") binCard(view, card);
  else if (/^[1-9]$/.test(key)) move(view, card, view.ranked, Number(key) - 1);
  else return false;
  return true;
}
