// A battle: two pictures, one answer.

const PAIR_ACTS = [
  ["left", "Left is better", ["←", "1"], "vote", "main"],
  ["right", "Right is better", ["→", "2"], "vote", "main"],
  ["tie", "Tie", ["↑", "T"], "vote"],
  ["both_bad", "Both bad", ["↓", "B"], "vote"],
  ["skip", "Skip", ["S"], "skip"],
  ["undo", "Undo", ["U"], "undo", "quiet"],
  ["zoom", "Larger", ["Z"], "look", "quiet"],
  ["comment", "Comment", [], "comment", "quiet"],
];
const PAIR_KEYS = {
  ArrowLeft: "left",
  1: "left",
  ArrowRight: "right",
  2: "right",
  ArrowUp: "tie",
  t: "tie",
  ArrowDown: "both_bad",
  b: "both_bad",
  s: "skip",
  u: "undo",
  z: "zoom",
};
const SIDES = ["left", "right"];

function drawPair(view, shown) {
  return shown.map((node, place) => {
    const side = element("button", "card side");
    side.type = "button";
    side.dataset.act = SIDES[place];
    side.dataset.picture = view.data.pictures[place].id;
    side.setAttribute("aria-label", `Picture on the ${SIDES[place]}: is better`);
    side.append(node);
    return side;
  });
}

function vote(view, outcome) {
  if (!give(view, "vote", { outcome })) return;
  for (const side of view.arena.children) side.classList.toggle("chosen", side.dataset.act === outcome);
}
