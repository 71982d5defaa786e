// A row of small pictures, each with a note; a click asks for that picture.

const SENDERS = new WeakMap();

export default function pictureStrip(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  if (!SENDERS.has(root)) {
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) SENDERS.get(root).setTriggerValue("opened", button.dataset.image);
    });
  }
  SENDERS.set(root, component);
  const strip = element("ul", "strip");
  strip.append(...component.data.items.map((item) => {
    const line = element("li", "item");
    const button = element("button", "near");
    button.type = "button";
    button.dataset.image = item.id;
    button.title = item.name;
    button.setAttribute("aria-label", `Open the picture by ${item.name}, ${item.note}`);
    button.append(picture(item.src, "", "no picture"));
    const name = element("div", "name", item.name);
    name.title = item.name;
    line.append(button, name, element("div", "note", item.note));
    return line;
  }));
  const focused = root.contains(root.getRootNode().activeElement);
  root.replaceChildren(strip);
  if (focused) root.querySelector("button")?.focus(); // else keys would no longer reach the dialog
}
