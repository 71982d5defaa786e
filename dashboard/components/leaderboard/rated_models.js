// A board: a line a model, its rating as a dot and its interval as a line on one scale. A click on a
// line asks for the judgments behind it.

const SENDERS = new WeakMap();

export default function ratedModels(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  if (!SENDERS.has(root)) {
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button.line");
      if (button) SENDERS.get(root).setTriggerValue("opened", button.dataset.model);
    });
  }
  SENDERS.set(root, component);
  const { lines, ticks, opens, ratingLabel, provisionalMeaning } = component.data;
  const list = element("div", "lines");
  list.append(headOf(ticks, ratingLabel));
  list.append(...lines.map((line) => lineOf(line, ticks, opens, provisionalMeaning)));
  const held = root.getRootNode().activeElement?.dataset?.model;
  root.replaceChildren(list);
  if (held) [...root.querySelectorAll("button.line")].find((line) => line.dataset.model === held)?.focus();
}

function headOf(ticks, ratingLabel) {
  const row = element("div", "line head");
  const scale = element("span", "scale"), track = element("span", "track");
  track.append(...ticks.map((tick) => placed(element("span", "label", tick.label), tick.at)));
  scale.append(track);
  row.append(element("span", "rank", "Rank"), element("span", "model", "Model"), scale, element("span", "rating", ratingLabel), element("span", "votes", "Votes"));
  return row;
}

function lineOf(line, ticks, opens, provisionalMeaning) {
  const row = element(opens ? "button" : "div", "line");
  if (opens) {
    row.type = "button";
    row.dataset.model = line.id;
    row.setAttribute("aria-label", `Rank ${line.rank}: ${line.name} ${line.version}, ${line.rating}, ${line.interval}, ${line.votes} votes. Show them`);
  }
  row.title = line.meaning;
  row.classList.toggle("provisional", line.provisional);
  const model = element("span", "model"), rating = element("span", "rating"), votes = element("span", "votes");
  model.append(element("span", "name", line.name), element("span", "version", line.version));
  rating.append(element("strong", "", line.rating), element("span", "small", line.interval));
  votes.append(element("span", "", line.votes));
  if (line.provisional) {
    const mark = element("span", "badge", "provisional"), below = element("span", "small");
    mark.title = provisionalMeaning;
    below.append(mark);
    votes.append(below);
  }
  row.append(element("span", "rank", line.rank), model, scaleOf(line, ticks), rating, votes);
  return row;
}

function scaleOf(line, ticks) {
  const scale = element("span", "scale"), track = element("span", "track");
  track.append(...ticks.map((tick) => placed(element("span", "tick"), tick.at)));
  if (line.lower !== null || line.upper !== null) {
    const from = line.lower ?? 0, to = line.upper ?? 1;
    const span = element("span", "span");
    span.classList.toggle("openleft", line.lower === null);
    span.classList.toggle("openright", line.upper === null);
    span.style.left = `${100 * from}%`;
    span.style.width = `${100 * (to - from)}%`;
    track.append(span);
  }
  track.append(placed(element("span", "dot"), line.at));
  scale.append(track);
  return scale;
}

function placed(node, at) {
  node.style.left = `${100 * at}%`;
  return node;
}
