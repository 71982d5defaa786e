// Pictures in the browser's memory: fetched when near, a few at a time, the ones seen last are kept.

const FETCHES_AT_ONCE = 10;
const KEPT = 900;
const BITMAP_PX = 224;

class Album {
  constructor(points, changed) {
    this.points = points;
    this.changed = changed;
    this.bitmaps = new Map();
    this.failed = new Set();
    this.loading = new Set();
    this.wanted = [];
    this.closed = false;
  }

  get(row) {
    return this.bitmaps.get(row);
  }

  lacks(row) {
    return !(this.points.marks[row] & 1) || this.failed.has(row);
  }

  // Rows to have, the most wanted first; what was asked for before and is not among them waits no more.
  want(view, rows) {
    this.wanted = rows.filter((row) => !this.bitmaps.has(row) && !this.loading.has(row) && !this.lacks(row));
    for (const row of rows) {
      const bitmap = this.bitmaps.get(row);
      if (!bitmap) continue;
      this.bitmaps.delete(row); // to the end: seen last
      this.bitmaps.set(row, bitmap);
    }
    this.next();
  }

  next() {
    while (!this.closed && this.loading.size < FETCHES_AT_ONCE && this.wanted.length) this.load(this.wanted.shift());
  }

  async load(row) {
    this.loading.add(row);
    try {
      const answer = await fetch(this.points.thumbnails + hashOf(this.points, row));
      if (!answer.ok) throw new Error(`${answer.status}`);
      const bitmap = await createImageBitmap(await answer.blob(), { resizeHeight: BITMAP_PX, resizeQuality: "medium" });
      if (this.closed) return;
      this.bitmaps.set(row, bitmap);
      this.forget();
    } catch {
      this.failed.add(row);
    } finally {
      this.loading.delete(row);
    }
    this.changed();
    this.next();
  }

  forget() {
    for (const [row, bitmap] of this.bitmaps) {
      if (this.bitmaps.size <= KEPT) return;
      this.bitmaps.delete(row);
      bitmap.close();
    }
  }

  close() {
    this.closed = true;
    for (const bitmap of this.bitmaps.values()) bitmap.close();
    this.bitmaps.clear();
  }
}
