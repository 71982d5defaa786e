// The selection basket: small pictures with the names of their models, and what can be done with them.

const SENDERS = new WeakMap();
const LOOKS = ["compare", "export", "open"];
let changes = [];

export default function basket(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  if (!SENDERS.has(root)) {
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const { act, image = "" } = button.dataset;
      if (LOOKS.includes(act)) SENDERS.get(root).setTriggerValue("acted", { act, image });
      else change(SENDERS.get(root), act, image);
    });
  }
  SENDERS.set(root, component);
  const { picks, total, undo } = component.data;
  const top = element("div", "top");
  const heading = element("h2", "heading", "Selection");
  heading.append(element("span", "count", total ? ` ${total.toLocaleString("en")}` : ""));
  top.append(heading);
  const list = element("ul", "picks");
  list.append(...picks.map(drawPick));
  if (total > picks.length) list.append(element("li", "more", `and ${(total - picks.length).toLocaleString("en")} more`));
  const actions = element("div", "actions");
  if (total > 1) actions.append(action("compare", "Compare", "action main"));
  if (total) actions.append(action("export", "Export", "action"), action("clear", "Clear", "action"));
  if (undo) {
    const back = action("undo", "Undo", "action");
    back.title = undo;
    actions.append(back);
  }
  const hint = element("p", "hint", "Tick pictures anywhere to collect them here.");
  root.replaceChildren(top, ...(total ? [list] : [hint]), actions);
}

// Changes go with a step that only rises and with those before them, so that none is lost.
function change(sender, act, image) {
  const step = Math.max(Date.now(), (changes.at(-1)?.step ?? 0) + 1);
  changes = [...changes.slice(-19), { step, act, image }];
  sender.setStateValue("changes", changes);
}

function action(act, words, className) {
  const button = element("button", className, words);
  button.type = "button";
  button.dataset.act = act;
  return button;
}

function drawPick(pick) {
  const item = element("li", "pick");
  const thumb = action("open", null, "thumb");
  thumb.dataset.image = pick.id;
  thumb.setAttribute("aria-label", `Open the picture by ${pick.name}`);
  thumb.append(picture(pick.src, "", "none"));
  const words = element("div", "");
  const name = element("div", "name", pick.name);
  name.title = pick.name;
  words.append(name, element("div", "name version", pick.version));
  const remove = action("remove", "×", "remove");
  remove.dataset.image = pick.id;
  remove.title = "Take out of the selection";
  remove.setAttribute("aria-label", `Take the picture by ${pick.name} out of the selection`);
  item.append(thumb, words, remove);
  return item;
}
