// One picture with every fact about it, or two to four side by side.

export default function pictureSheet(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  const { pictures } = component.data;
  root.classList.toggle("single", pictures.length === 1);
  root.replaceChildren(...(pictures.length === 1 ? single(pictures[0]) : [sideBySide(pictures)]));
}

function stage(entry) {
  const frame = entry.full ? element("a", "stage") : element("div", "stage");
  if (entry.full) {
    frame.href = entry.full;
    frame.target = "_blank";
    frame.rel = "noopener";
    frame.title = "Open the picture in its full size";
  }
  frame.style.setProperty("--aspect", entry.aspect);
  frame.append(picture(entry.full, entry.alt, entry.placeholder));
  return frame;
}

function badges(entry) {
  const line = element("div", "badges");
  line.append(...entry.badges.map((text) => element("span", "badge", text)));
  return line;
}

function single(entry) {
  const left = element("div", "left");
  left.append(stage(entry), badges(entry));
  left.append(copies(entry));
  const right = element("div", "right");
  right.append(scoreTable(entry));
  for (const group of entry.groups) {
    right.append(element("h3", "", group.title));
    const list = element("dl", "facts");
    for (const fact of group.facts) list.append(element("dt", "", fact.label), factValue(fact, "dd"));
    right.append(list);
  }
  return [left, right];
}

function copies(entry) {
  const line = element("div", "copies");
  line.append(
    copyButton("Copy recipe", () => entry.recipe),
    copyButton("Copy link", () => new URL(entry.link, window.location.href).href),
  );
  if (entry.download) {
    const link = element("a", "copy", "Download PNG with its recipe");
    link.href = entry.download.href;
    link.download = entry.download.name;
    line.append(link);
  }
  return line;
}

function copyButton(words, text) {
  const button = element("button", "copy", words);
  button.type = "button";
  button.addEventListener("click", async () => {
    button.textContent = (await copied(text())) ? "Copied" : "Could not copy";
    setTimeout(() => { button.textContent = words; }, 1600);
  });
  return button;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text); // without https a browser keeps its clipboard closed
  }
}

function copiedBySelection(text) {
  const field = element("textarea", "");
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

function scoreTable(entry) {
  const table = element("table", "scores");
  const head = table.createTHead().insertRow();
  for (const [text, help] of entry.columns) {
    const cell = element("th", "", text);
    cell.scope = "col";
    cell.title = help;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const metric of entry.metrics) {
    const row = body.insertRow();
    const label = element("th", "", metric.label);
    label.scope = "row";
    label.title = metric.help;
    const quality = element("td", "number");
    if (metric.share !== null) quality.append(meter(metric.share));
    quality.append(element("span", "", metric.q));
    row.append(label, element("td", "number", metric.value), quality, element("td", "number", metric.lambda), element("td", "number", metric.contribution));
  }
  const foot = table.createTFoot().insertRow();
  const label = element("th", "", "GRE-Score ");
  label.append(element("span", "by", entry.scoredBy));
  label.scope = "row";
  label.colSpan = 4;
  foot.append(label, element("td", "number", entry.gre));
  return table;
}

function sideBySide(pictures) {
  const scroller = element("div", "scroller");
  const table = element("table", "beside");
  table.style.setProperty("--columns", pictures.length);
  const head = table.createTHead().insertRow();
  head.append(element("td", "corner"));
  for (const entry of pictures) {
    const cell = element("th", "");
    cell.scope = "col";
    cell.append(stage(entry), element("div", "model", entry.title), element("div", "version", entry.subtitle), badges(entry));
    head.append(cell);
  }
  const body = table.createTBody();
  body.append(scoreRow("GRE-Score", `Weighted sum of the lines below, ${pictures[0].scoredBy}`, pictures.map((entry) => ({ value: entry.gre, number: entry.greNumber, share: null, note: "" })), true));
  pictures[0].metrics.forEach((metric, index) => {
    const cells = pictures.map((entry) => {
      const other = entry.metrics[index];
      return { value: other.value, number: other.share, share: other.share, note: other.note };
    });
    body.append(scoreRow(metric.label, metric.help, cells, false));
  });
  pictures[0].groups.forEach((group, place) => {
    group.facts.forEach((fact, index) => {
      const row = body.insertRow();
      const label = element("th", "", fact.label);
      label.scope = "row";
      row.append(label, ...factCells(pictures.map((entry) => entry.groups[place].facts[index])));
    });
  });
  scroller.append(table);
  return scroller;
}

function factCells(facts) {
  if (facts.some((fact) => fact.value !== facts[0].value)) return facts.map((fact) => factValue(fact, "td"));
  const cell = factValue(facts[0], "td");
  cell.colSpan = facts.length;
  cell.classList.add("same");
  return [cell];
}

function scoreRow(text, help, cells, strong) {
  const row = element("tr", strong ? "sum" : "");
  const label = element("th", "", text);
  label.scope = "row";
  label.title = help;
  row.append(label);
  const numbers = cells.map((cell) => cell.number).filter((number) => number !== null);
  const best = Math.max(...numbers);
  const differs = numbers.some((number) => number !== best) || numbers.length < cells.length;
  for (const cell of cells) {
    const node = element("td", "number");
    node.append(element("div", differs && cell.number === best ? "value best" : "value", cell.value));
    if (cell.share !== null) node.append(meter(cell.share));
    if (cell.note) node.append(element("div", "note", cell.note));
    row.append(node);
  }
  return row;
}
