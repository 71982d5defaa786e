// One picture of a job: waiting, coming into being, there, hidden or thrown away. It is painted again
// only where something of it changed, and a new picture is laid over the old one once it is decoded.

const MARKS = { found: "already here", fresh: "not kept yet" };
const WORDS = {
  waiting: "",
  running: "",
  missing: "not made",
  discarded: "discarded",
};
const ACTS = {
  keep: "Keep in the warehouse",
  seed: "Another seed",
  remix: "Remix: take its settings into the form",
  discard: "Discard",
};
const ARMED_MS = 3000;

function makeCell(place) {
  const cell = { place, told: "", fact: null, source: "", image: null };
  cell.box = element("div", "cell");
  cell.box.dataset.place = place;
  cell.frame = element("div", "frame");
  cell.open = element("button", "open");
  cell.open.type = "button";
  cell.words = element("span", "words");
  cell.mark = element("span", "mark");
  cell.pick = element("button", "pick");
  cell.pick.type = "button";
  cell.pick.title = "Select";
  cell.open.append(cell.words);
  cell.frame.append(cell.open, cell.mark, cell.pick);
  cell.bar = element("div", "bar");
  cell.acts = {};
  for (const [act, words] of Object.entries(ACTS)) {
    const button = element("button", "act");
    button.type = "button";
    button.dataset.act = act;
    button.title = words;
    button.append(icon(act));
    cell.acts[act] = button;
    cell.bar.append(button);
  }
  cell.box.append(cell.frame, cell.bar);
  return cell;
}

function paintCell(cell, fact, name, may) {
  const told = JSON.stringify([fact, name, may]);
  if (told === cell.told) return;
  cell.told = told;
  cell.fact = fact;
  cell.box.className = `cell ${fact.state}`;
  cell.box.dataset.paints = String(Number(cell.box.dataset.paints ?? 0) + 1);
  cell.words.textContent = fact.hidden || (fact.src || fact.preview ? "" : WORDS[fact.state] ?? "No picture stored");
  cell.mark.textContent = MARKS[fact.state] ?? (fact.state === "kept" ? "kept" : "");
  cell.open.disabled = !fact.whole;
  cell.open.setAttribute("aria-label", openWords(fact, name));
  cell.open.title = name;
  cell.pick.hidden = !fact.whole;
  cell.pick.setAttribute("aria-label", `Select the picture by ${name}`);
  const made = ["found", "fresh", "kept"].includes(fact.state);
  const known = made || ["discarded", "missing"].includes(fact.state);
  allow(cell, "keep", name, may.act && fact.state === "fresh");
  allow(cell, "discard", name, may.act && ["fresh", "kept"].includes(fact.state));
  allow(cell, "seed", name, may.ask && known);
  allow(cell, "remix", name, may.ask && known);
  disarm(cell);
  paintPicture(cell, fact.hidden ? "" : fact.src || fact.preview || "", !fact.src);
}

function openWords(fact, name) {
  if (fact.whole) return `Open the picture by ${name}`;
  const states = { waiting: "waits", running: "is being made", missing: "was not made", discarded: "was discarded", fresh: "is not kept yet" };
  return fact.hidden ? `${fact.hidden}: picture by ${name}` : `The picture by ${name} ${states[fact.state] ?? "cannot be opened"}`;
}

function allow(cell, act, name, allowed) {
  const button = cell.acts[act];
  if (!allowed && button.getRootNode().activeElement === button) cell.open.focus();
  button.hidden = !allowed;
  button.setAttribute("aria-label", `${ACTS[act].split(":")[0]}: ${name}`);
}

function paintPicture(cell, source, isPreview) {
  if (source === cell.source) return;
  cell.source = source;
  if (!source) {
    cell.image?.remove();
    cell.image = null;
    return;
  }
  const image = element("img", isPreview ? "picture preview" : "picture");
  image.alt = "";
  image.decoding = "async";
  image.src = source;
  const lay = () => {
    if (cell.source !== source) return; // a newer one is on its way
    const old = cell.image;
    cell.image = image;
    cell.open.prepend(image);
    // The old one stays beneath for a moment, so that nothing flashes in between.
    if (old) setTimeout(() => old.remove(), isPreview ? 0 : 400);
    if (!isPreview) image.classList.add("arrives");
  };
  image.decode().then(lay, () => {
    if (isPreview || cell.source !== source) return;
    cell.words.textContent = "This picture could not be loaded";
    cell.source = "";
  });
}

// What throws something away asks once more: the same button, a second time.
function armed(cell) {
  const button = cell.acts.discard;
  if (button.classList.contains("armed")) {
    disarm(cell);
    return true;
  }
  button.classList.add("armed");
  button.title = "Press again to discard it for good";
  cell.timer = setTimeout(() => disarm(cell), ARMED_MS);
  return false;
}

function disarm(cell) {
  clearTimeout(cell.timer);
  cell.acts.discard.classList.remove("armed");
  cell.acts.discard.title = ACTS.discard;
}
