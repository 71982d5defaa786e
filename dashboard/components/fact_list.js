// A short list of facts: label, value and, where one is given, a bar.

export default function factList(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  const list = element("dl", "facts");
  for (const fact of component.data.facts) {
    const label = element("dt", "", fact.label);
    if (fact.help) label.title = fact.help;
    const value = factValue(fact, "dd");
    if (fact.share !== undefined && fact.share !== null) value.prepend(meter(fact.share));
    list.append(label, value);
  }
  root.replaceChildren(list);
}
