// A click on a button that names a picture asks for that picture.

const SENDERS = new WeakMap();

function opens(root, component) {
  if (!SENDERS.has(root)) {
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) SENDERS.get(root).setTriggerValue("opened", button.dataset.image);
    });
  }
  SENDERS.set(root, component);
}

function openingButton(line, placeholder) {
  const button = element("button", "open");
  button.type = "button";
  button.dataset.image = line.image_id;
  button.title = "Open the picture";
  button.setAttribute("aria-label", `Open the picture by ${line.name} ${line.version} that was preferred most often`);
  button.append(picture(line.src, "", placeholder));
  return button;
}
