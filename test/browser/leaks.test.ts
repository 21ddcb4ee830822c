/** The code that a person enters is in its field and nowhere else in the page: not in storage, address, title, attributes or events. */
import { expect } from '@open-wc/testing';
import { PHONE, verifyContact, wrong, type Person } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';

const types = ['code-sent', 'contact-verified', 'step-change', 'problem', 'change', 'input', 'beforeinput'];

/** Everything that other scripts of the page could read, except the field itself. */
function readable({ element, root }: Person): string {
  const fields = [...root.querySelectorAll('*'), element].flatMap((node) =>
    [...node.attributes].map(({ name, value }) => `${name}=${value}`),
  );
  const stored = [sessionStorage, localStorage].flatMap((storage) => Object.entries<string>({ ...storage }).flat());
  return [...fields, root.textContent, ...stored, document.cookie, document.title, location.href].join('\n');
}

/** An event with all its properties, whatever its class. */
function carried(event: Event): string {
  const words: string[] = [event.type];
  for (
    let from: object | null = event;
    from && from !== Event.prototype;
    from = Object.getPrototypeOf(from) as object
  ) {
    for (const name of Object.getOwnPropertyNames(from)) {
      const value: unknown = Reflect.get(from, name, event);
      if (!(value instanceof Node) && value !== window) words.push(`${name}=${JSON.stringify(value) ?? ''}`);
    }
  }
  return words.join(' ');
}

it('a code is found nowhere in the page, neither a wrong one nor the right one', async () => {
  const heard: string[] = [];
  const listen = (event: Event) => void heard.push(carried(event));
  for (const type of types) document.addEventListener(type, listen);
  try {
    const { endpoint, latestCode } = await openStack();
    const person = await verifyContact({ endpoint, name: 'proof' });
    await person.sends(PHONE.typed);
    const right = await latestCode(PHONE.value);
    const seen: string[] = [];
    await person.submits(wrong(right));
    await person.told('isn’t right');
    seen.push(readable(person));
    await person.submits(right);
    await person.at('verified');
    seen.push(readable(person));
    const everything = [...seen, ...heard].join('\n');
    expect(everything).to.include('contact-verified').and.to.include('wrong-code');
    // Six digits of a deadline in milliseconds are not a code.
    for (const code of [right, wrong(right)]) expect(everything).not.to.match(new RegExp(`(?<!\\d)${code}(?!\\d)`));
  } finally {
    for (const type of types) document.removeEventListener(type, listen);
  }
});
