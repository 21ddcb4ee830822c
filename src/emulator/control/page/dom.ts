/** Builds and updates the page's elements. What the emulator tells becomes text, never markup. */

type Child = Node | string;

/** An element with attributes and children. A string is text. */
export function build<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A button that does something. */
export function buildButton(label: string, press: () => void): HTMLButtonElement {
  const button = build('button', { type: 'button' }, label);
  button.addEventListener('click', press);
  return button;
}

/** A time of ISO 8601, as a person reads it. */
export function buildTime(iso: string): HTMLTimeElement {
  return build('time', { datetime: iso }, readableTime(iso));
}

/** `2027-01-31T12:00:05Z` → `31 Jan 2027, 12:00:05` in the zone of the reader. */
export function readableTime(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}

/** The element of the page with this id. Throws if there is none, since the page itself would then be broken. */
export function byId<Type extends HTMLElement = HTMLElement>(id: string): Type {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return element as Type;
}

/** Writes a text if it is another one, so that nothing is announced twice. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Shows the items in a list, and a sentence where there are none. An item that has not changed keeps its element, with the
 * focus and the selection in it.
 */
export class KeyedList<Item> {
  readonly #list: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #keyOf: (item: Item) => string;
  readonly #draw: (item: Item) => Child[];
  #shown = new Map<string, { json: string; row: HTMLLIElement }>();

  constructor(id: string, keyOf: (item: Item) => string, draw: (item: Item) => Child[]) {
    this.#list = byId(id);
    this.#empty = byId(`no-${id}`);
    this.#keyOf = keyOf;
    this.#draw = draw;
  }

  show(items: readonly Item[]): void {
    const before = this.#shown;
    this.#shown = new Map(
      items.map((item) => {
        const [key, json] = [this.#keyOf(item), JSON.stringify(item)];
        const known = before.get(key);
        if (known?.json === json) return [key, known];
        const row = known?.row ?? build('li');
        row.replaceChildren(...this.#draw(item));
        return [key, { json, row }];
      }),
    );
    this.#empty.hidden = items.length > 0;
    const rows = [...this.#shown.values()].map(({ row }) => row);
    for (const child of [...this.#list.children]) if (!rows.includes(child as HTMLLIElement)) child.remove();
    // A row is moved only if it is elsewhere: moving it would take the focus from it.
    for (const [index, row] of rows.entries()) {
      const there = this.#list.children[index];
      if (there !== row) this.#list.insertBefore(row, there ?? null);
    }
  }
}
