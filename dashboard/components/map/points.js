// Hands the points of a map to the canvas beside it. They come in a mount of their own, so that a pick
// or a change of colour, which the canvas hears of, does not send 18,000 points again.

export default function mapPoints(component) {
  const { token } = component.data;
  const store = (globalThis.gemboardMapPoints ??= new Map());
  if (!store.has(token)) {
    store.clear();
    store.set(token, component.data);
  }
  globalThis.dispatchEvent(new Event("gemboard-map-points"));
}
