/** What is carried out inside the page: it may use nothing from outside its function. */

/** In the page: how long `count` elements take, `times` over. @param {{ tag: string, count: number, times: number }} what */
export async function measureMany({ tag, count, times }) {
  const place = document.createElement('div');
  document.body.append(place);
  const settled = (/** @type {any[]} */ all) => Promise.all(all.map((one) => one.updateComplete));
  /** @type {{ render: number[], update: number[], remove: number[] }} */
  const figures = { render: [], update: [], remove: [] };
  for (let time = 0; time < times + 1; time += 1) {
    /** @type {any} */ (globalThis).gc?.();
    const begun = performance.now();
    const all = Array.from({ length: count }, () => document.createElement(tag));
    place.append(...all);
    await settled(all);
    place.getBoundingClientRect();
    const rendered = performance.now();
    for (const one of all) one.setAttribute('disabled', '');
    await settled(all);
    place.getBoundingClientRect();
    const updated = performance.now();
    place.replaceChildren();
    place.getBoundingClientRect();
    const removed = performance.now();
    // The first one pays for what all share.
    if (time > 0) {
      figures.render.push(rendered - begun);
      figures.update.push(updated - rendered);
      figures.remove.push(removed - updated);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return figures;
}
