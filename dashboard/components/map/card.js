// What is told of one picture, and the legend.

function drawCard(view) {
  const { card, points } = view;
  const row = view.under >= 0 ? view.under : view.pinned;
  if (row < 0 || !points) {
    card.hidden = true;
    return;
  }
  const model = points.models[points.model[row]];
  const prompt = points.prompts[points.prompt[row]];
  const hash = hashOf(points, row);
  const frame = element("div", "frame");
  frame.append(picture(hash ? points.thumbnails + hash : null, `Picture by ${model.name}`, view.data.placeholder));
  const facts = element("div", "facts");
  facts.append(element("strong", "name", model.name));
  if (model.version) facts.append(element("span", "muted", model.version));
  facts.append(element("span", "number", scoreOf(points, row)));
  if (points.prompts.length > 1) facts.append(element("span", "muted prompt", prompt.text));
  const badges = element("span", "badges");
  if (points.marks[row] & 2) badges.append(element("span", "badge", "synthetic"));
  if (points.marks[row] & 4) badges.append(element("span", "badge", "placed later"));
  facts.append(badges);
  const parts = [frame, facts];
  if (view.under < 0 || view.under === view.pinned) {
    const actions = element("div", "actions");
    const opens = element("button", "open", "Open");
    const picks = element("button", "pick", view.picked.has(row) ? "Take out" : "Select");
    opens.type = "button";
    picks.type = "button";
    actions.append(opens, picks);
    parts.push(actions);
  }
  card.replaceChildren(...parts);
  card.classList.toggle("pinned", parts.length === 3);
  card.hidden = false;
  const [x] = toScreen(view, points.x[row], points.y[row]);
  card.classList.toggle("left", x > view.width / 2);
}

function scoreOf(points, row) {
  return Number.isNaN(points.gre[row]) ? "no GRE-Score yet" : `GRE-Score ${points.gre[row].toFixed(3)}`;
}

function describe(view, row) {
  return `${view.points.models[view.points.model[row]].name}, ${scoreOf(view.points, row)}`;
}

function drawLegend(view) {
  const { colour } = view.data;
  const shade = view.theme && view.theme.dark ? "dark" : "light";
  const name = element("span", "muted", colour.title);
  if (colour.by === "score") {
    const ramp = element("span", "ramp");
    ramp.style.background = `linear-gradient(90deg, ${colour.entries.slice(0, -1).map((entry) => entry[shade]).join(", ")})`;
    const none = colour.entries[colour.entries.length - 1];
    view.legend.replaceChildren(name, element("span", "number", colour.ends[0]), ramp, element("span", "number", colour.ends[1]), ...(none.count ? [entryOf(view, none, colour.entries.length - 1, shade)] : []));
    return;
  }
  const shown = colour.entries.map((entry, place) => [entry, place]).filter(([entry]) => entry.count);
  view.legend.replaceChildren(name, ...shown.map(([entry, place]) => entryOf(view, entry, place, shade)));
}

function entryOf(view, entry, place, shade) {
  const button = element("button", "entry");
  button.type = "button";
  button.dataset.place = String(place);
  button.title = "Show these alone; press again for all";
  button.setAttribute("aria-pressed", String(view.alone === place));
  const swatch = element("span", "swatch");
  swatch.style.background = entry[shade];
  button.append(swatch, element("span", "label", entry.label), element("span", "muted number", entry.count.toLocaleString("en")));
  return button;
}
