// Judgments, newest first. A click on one asks for its pictures in full.

const SENDERS = new WeakMap();

export default function voteList(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  if (!SENDERS.has(root)) {
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button.vote");
      if (button) SENDERS.get(root).setTriggerValue("opened", button.dataset.judgment);
    });
  }
  SENDERS.set(root, component);
  const { title, facts, votes } = component.data;
  const list = element("ol", "votes");
  list.append(...votes.map((vote) => {
    const item = element("li", "");
    item.append(voteOf(vote));
    return item;
  }));
  const held = root.getRootNode().activeElement?.dataset?.judgment;
  root.replaceChildren(element("h3", "", title), element("p", "facts", facts), list);
  if (held) [...root.querySelectorAll("button.vote")].find((vote) => vote.dataset.judgment === held)?.focus();
}

function voteOf(vote) {
  const button = element("button", "vote"), sides = element("span", "sides"), told = element("span", "told"), when = element("span", "when");
  button.type = "button";
  button.classList.toggle("many", vote.sides.length > 2);
  button.dataset.judgment = vote.id;
  button.title = "Show its pictures and their recipes";
  sides.append(...vote.sides.map(sideOf));
  when.append(element("span", "", vote.person), element("span", "", vote.when), element("span", "badge", vote.kind));
  if (vote.simulated) when.append(element("span", "badge", "simulated"));
  told.append(element("span", "headline", vote.headline), element("span", "prompt", vote.prompt), when);
  button.append(sides, told);
  return button;
}

function sideOf(side) {
  const node = element("span", "side"), frame = element("span", "frame"), by = element("span", "by", side.model);
  node.classList.toggle("preferred", side.preferred);
  node.classList.toggle("meant", side.meant);
  by.title = side.model;
  frame.append(picture(side.src, "", side.missing));
  node.append(frame, element("span", "mark", side.mark), by);
  return node;
}
