// The gallery: cards that open, a toggle on each that picks it for comparison, and the tray of picks.

const VIEWS = new WeakMap();

export default function gallery(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  let view = VIEWS.get(root);
  if (!view) {
    view = { cards: "", picks: [], version: -1, send: null };
    VIEWS.set(root, view);
    build(root, view);
  }
  view.send = component;
  view.data = component.data;
  const cards = JSON.stringify([view.data.cards, view.data.aspect]);
  if (cards !== view.cards) {
    const turned = view.cards !== "";
    view.cards = cards;
    drawCards(root, view);
    if (turned && root.getBoundingClientRect().top < 0) root.scrollIntoView({ block: "start" });
  }
  if (view.data.version >= view.version) {
    view.version = view.data.version;
    view.picks = view.data.picks.slice();
  }
  drawPicks(root, view);
}

function build(root, view) {
  root.querySelector(".cards").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const id = button.closest(".card").dataset.image;
    if (button.classList.contains("open")) view.send.setTriggerValue("opened", id);
    else toggle(root, view, id);
  });
  root.querySelector(".compare").addEventListener("click", () => {
    view.send.setTriggerValue("compared", view.picks.map((pick) => pick.id));
  });
  root.querySelector(".clear").addEventListener("click", () => setPicks(root, view, []));
  root.querySelector(".picks").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) toggle(root, view, button.dataset.image);
  });
}

function toggle(root, view, id) {
  const rest = view.picks.filter((pick) => pick.id !== id);
  if (rest.length < view.picks.length) return setPicks(root, view, rest);
  if (rest.length >= view.data.most) {
    const hint = root.querySelector(".hint");
    hint.textContent = `At most ${view.data.most}: take one away first`;
    return undefined;
  }
  const card = view.data.cards.find((candidate) => candidate.id === id);
  return setPicks(root, view, [...rest, { id, src: card.src, name: card.name }]);
}

function setPicks(root, view, picks) {
  view.picks = picks;
  view.version += 1;
  drawPicks(root, view);
  view.send.setStateValue("picked", { ids: picks.map((pick) => pick.id), version: view.version });
}

function drawCards(root, view) {
  const list = root.querySelector(".cards");
  list.style.setProperty("--aspect", view.data.aspect);
  list.replaceChildren(...view.data.cards.map((card) => drawCard(card, view.data.placeholder)));
}

function drawCard(card, placeholder) {
  const item = element("li", "card");
  item.dataset.image = card.id;

  const frame = element("div", "frame");
  const open = element("button", "open");
  open.type = "button";
  const standing = card.scored ? `rank ${card.rank}, ${card.score}` : card.score;
  open.setAttribute("aria-label", `Open details of ${card.name}, ${standing}`);
  open.append(picture(card.src, `Picture by ${card.name}`, placeholder));
  const pick = element("button", "pick");
  pick.type = "button";
  pick.title = "Pick for side by side";
  pick.setAttribute("aria-label", `Pick ${card.name} for side by side`);
  const badges = element("span", "badges");
  badges.append(...card.badges.map((text) => element("span", "badge", text)));
  frame.append(open, pick, badges);

  const title = element("div", "title");
  const name = element("span", "name", card.name);
  name.title = card.name;
  title.append(element("span", "rank number", card.rank), name);
  const under = element("div", "under");
  const version = element("span", "version", card.version);
  version.title = card.version;
  under.append(version, element("span", card.scored ? "score number" : "score none", card.score));
  item.append(frame, title, under);
  return item;
}

function drawPicks(root, view) {
  const picked = new Set(view.picks.map((pick) => pick.id));
  for (const item of root.querySelectorAll(".card")) {
    const chosen = picked.has(item.dataset.image);
    item.classList.toggle("picked", chosen);
    item.querySelector(".pick").setAttribute("aria-pressed", String(chosen));
  }
  root.querySelector(".tray").hidden = view.picks.length === 0;
  root.querySelector(".compare").disabled = view.picks.length < 2;
  root.querySelector(".hint").textContent =
    view.picks.length < 2 ? "Pick one to three more" : `${view.picks.length} picked`;
  root.querySelector(".picks").replaceChildren(
    ...view.picks.map((pick) => {
      const button = element("button", "chip");
      button.type = "button";
      button.dataset.image = pick.id;
      button.title = `Take away: ${pick.name}`;
      button.setAttribute("aria-label", `Take ${pick.name} away`);
      button.append(picture(pick.src, "", "no picture"));
      return button;
    }),
  );
}
