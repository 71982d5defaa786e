// Jobs of before, one to a line: what was asked for, how far it is, and its first pictures.

const SENDERS = new WeakMap();

export default function jobList(component) {
  const root = component.parentElement.querySelector(".root");
  if (!root) return;
  if (!SENDERS.has(root)) {
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) SENDERS.get(root).setTriggerValue("opened", button.dataset.job);
    });
  }
  SENDERS.set(root, component);
  const shown = JSON.stringify(component.data);
  if (root.dataset.shown === shown) return;
  root.dataset.shown = shown;
  const focused = root.getRootNode().activeElement?.dataset.job;
  const list = element("ul", "jobs");
  list.append(...component.data.jobs.map((job) => line(job, job.id === component.data.current)));
  root.replaceChildren(list);
  if (focused) [...root.querySelectorAll("button")].find((button) => button.dataset.job === focused)?.focus();
}

function line(job, isOpen) {
  const item = element("li", "");
  const button = element("button", `job ${job.state}`);
  button.type = "button";
  button.dataset.job = job.id;
  if (isOpen) button.setAttribute("aria-current", "true");
  const words = element("span", "words");
  words.append(element("span", "asked", job.title));
  const facts = element("span", "facts");
  facts.append(element("span", "badge", job.word), element("span", "", job.facts));
  words.append(facts);
  if (job.reason) words.append(element("span", "reason", job.reason));
  if (job.share !== null) words.append(meter(job.share));
  const thumbs = element("span", "thumbs");
  thumbs.append(...job.thumbs.map((source) => {
    const thumb = element("span", "thumb");
    thumb.append(picture(source, "", ""));
    return thumb;
  }));
  button.append(words, thumbs);
  item.append(button);
  return item;
}
