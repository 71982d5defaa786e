// What all components share. Data come from strangers: they only ever become text nodes and checked
// attributes, never markup.

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = text;
  return node;
}

function picture(url, alt, placeholder, size) {
  if (!url) return blank(placeholder);
  const image = element("img", "picture");
  image.loading = "lazy";
  image.decoding = "async";
  image.alt = alt;
  if (size) {
    image.width = size[0];
    image.height = size[1];
  }
  image.addEventListener("error", () => image.replaceWith(blank("This picture could not be loaded")));
  image.src = url;
  return image;
}

function blank(text) {
  const node = element("span", "blank");
  node.append(element("span", "", text || "No picture"));
  return node;
}

function webLink(address, text) {
  if (!/^https?:\/\//i.test(address)) return element("span", "", text);
  const link = element("a", "", text);
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
  return link;
}

function factValue(fact, tag) {
  const node = element(tag, fact.mono ? "mono" : "");
  if (fact.value === null || fact.value === undefined || fact.value === "") {
    node.classList.add("unknown");
    node.textContent = "not known";
  } else if (fact.href) {
    node.append(webLink(fact.href, fact.value));
  } else {
    node.textContent = fact.value;
  }
  return node;
}

function meter(share) {
  const track = element("span", "meter");
  const bar = element("span", "level");
  bar.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  track.append(bar);
  return track;
}
