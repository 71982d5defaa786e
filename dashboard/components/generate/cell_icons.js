// Small line drawings for the buttons of a picture; their words stand in title and label.

const DRAWINGS = {
  keep: "M6 4h12v16l-6-4.5L6 20z",
  discard: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v6M13.5 10.5v6",
  seed: "M4.5 4.5h15v15h-15zM8.7 8.7h.6M14.7 8.7h.6M11.7 12h.6M8.7 15.3h.6M14.7 15.3h.6",
  remix: "M5 7h8M17.5 7H19M5 12h1.5M11 12h8M5 17h9M18.5 17h.5M13 4.8v4.4M6.5 9.8v4.4M14 14.8v4.4",
};

function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", DRAWINGS[name]);
  drawing.append(line);
  return drawing;
}
