// Ranked models as a table. A click on a picture asks for it.

const COLUMNS = [
  ["", "rank"],
  ["Preferred", "seen", "The picture of it that was preferred most often"],
  ["Model", "model"],
  ["Chance", "number", "Chance of being preferred to an average model, with its 95 % interval"],
  ["Top three", "number", "Probability of being one of the best three"],
  ["Pairs", "number", "Pairs of pictures in which it was preferred, of those it was in; a tie is none"],
  ["Judgments", "number", "Votes and sorted batches it was in"],
];

export default function standingsTable(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  opens(root, component);
  const table = element("table"), head = element("thead"), body = element("tbody"), names = element("tr");
  for (const [label, kind, meaning] of COLUMNS) {
    const cell = element("th", kind, label);
    cell.scope = "col";
    if (meaning) cell.title = meaning;
    names.append(cell);
  }
  head.append(names);
  body.append(...component.data.lines.map(lineOf));
  table.append(head, body);
  const scroll = element("div", "scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", "Ranked models");
  scroll.append(table);
  root.replaceChildren(scroll);
}

function lineOf(line) {
  const row = element("tr"), seen = element("td", "seen"), model = element("td", "model"), chance = element("td", "number"), pairs = element("td", "number");
  if (line.image_id) {
    seen.append(openingButton(line, "–"));
  } else {
    seen.append(element("span", "none", "never"));
  }
  const name = element("span", "name", line.name);
  name.title = `${line.name} ${line.version}`;
  model.append(name, element("span", "version", line.version));
  chance.append(element("strong", "", line.chance), element("span", "small", line.interval));
  pairs.append(element("span", "", line.pairs), element("span", "small", line.tied));
  row.append(
    element("td", "rank", String(line.rank)),
    seen,
    model,
    chance,
    element("td", "number", line.among_top),
    pairs,
    element("td", "number", line.judgments),
  );
  return row;
}
