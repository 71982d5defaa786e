// The favourite so far: its picture, its name, and what is known of it. A click opens the picture.

export default function favourite(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  opens(root, component);
  const told = component.data;
  const card = element("div", "card");
  if (told.image_id) card.append(openingButton(told, "No picture stored"));
  const words = element("div", "words");
  const name = element("p", "name", told.name);
  if (told.version) name.append(element("span", "version", ` ${told.version}`));
  words.append(element("p", "title", told.title), name, ...told.sentences.map((text) => element("p", "sentence", text)));
  card.append(words);
  root.replaceChildren(card);
}
