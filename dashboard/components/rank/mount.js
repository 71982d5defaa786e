// Hands what the server sends to the stage's own scripts, which come apart: a vote then costs the few
// bytes that changed, and not all of the scripts again.

export default function mount(component) {
  const stage = (globalThis.gemboardStage ??= { waiting: new Map() });
  if (stage.show) stage.show(component);
  else stage.waiting.set(component.parentElement, component);
}
