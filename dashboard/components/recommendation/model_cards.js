// Recommended models, best first: what speaks for each, its interval, and pictures of it.

const SENDERS = new WeakMap();
let changes = [];

export default function modelCards(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  if (!SENDERS.has(root)) {
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.image) SENDERS.get(root).setTriggerValue("opened", button.dataset.image);
      else change(SENDERS.get(root), button);
    });
  }
  SENDERS.set(root, component);
  const focused = root.getRootNode().activeElement?.dataset?.rank;
  const list = element("ol", "cards");
  list.append(...component.data.cards.map(drawCard));
  root.replaceChildren(list);
  if (focused) root.querySelector(`.pick[data-rank="${focused}"]`)?.focus();
}

// Changes go with a step that only rises and with those before them, so that none is lost.
function change(sender, button) {
  const step = Math.max(Date.now(), (changes.at(-1)?.step ?? 0) + 1);
  changes = [...changes.slice(-19), { step, act: button.dataset.act, images: JSON.parse(button.dataset.images) }];
  sender.setStateValue("changes", changes);
}

function drawCard(card) {
  const item = element("li", "card");
  const words = element("div", "words");
  const title = element("h3", "title");
  title.append(element("span", "rank", card.rank), element("span", "name", card.name), element("span", "version", card.version));
  words.append(title);
  if (card.facts) words.append(element("p", "facts", card.facts));
  words.append(element("p", "reason", card.reason), interval(card));
  item.append(words, pictures(card));
  return item;
}

function interval(card) {
  const box = element("div", "interval");
  const bar = element("div", "bar");
  bar.setAttribute("role", "img");
  bar.setAttribute("aria-label", `${card.chance_words}, ${card.certainty}`);
  const band = element("span", "band"), dot = element("span", "dot"), average = element("span", "average");
  band.style.left = percent(card.lower);
  band.style.width = percent(card.upper - card.lower);
  dot.style.left = percent(card.chance);
  average.title = "An average model: 50 %";
  bar.append(average, band, dot);
  const line = element("p", "chance");
  line.append(element("strong", "", card.certainty), element("span", "", ` · ${card.chance_words}`));
  box.append(bar, line);
  return box;
}

function percent(share) {
  return `${Math.max(0, Math.min(1, share)) * 100}%`;
}

function pictures(card) {
  const box = element("div", "pictures");
  const strip = element("ul", "strip");
  strip.append(...card.examples.map((example) => {
    const line = element("li", "item"), button = element("button", "open");
    button.type = "button";
    button.dataset.image = example.image_id;
    button.title = example.prompt;
    button.setAttribute("aria-label", `Open the picture by ${card.name} for: ${example.prompt}`);
    button.append(picture(example.src, "", "No picture stored"));
    line.append(button);
    return line;
  }));
  const under = element("div", "under");
  under.append(element("span", "which", card.examples_title));
  if (card.examples.length) under.append(pickButton(card));
  box.append(strip, under);
  return box;
}

function pickButton(card) {
  const button = element("button", card.picked ? "pick picked" : "pick", card.picked ? "In your selection" : "Add to selection");
  button.type = "button";
  button.dataset.rank = card.rank;
  button.dataset.act = card.picked ? "unpick" : "pick";
  button.dataset.images = JSON.stringify(card.examples.map((example) => example.image_id));
  button.setAttribute("aria-pressed", String(card.picked));
  button.title = card.picked ? "Take these pictures out again" : "Add these pictures to your selection";
  button.setAttribute("aria-label", `${card.picked ? "In your selection" : "Add to selection"}: the pictures by ${card.name}`);
  return button;
}
