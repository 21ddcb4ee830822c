/** The faults that wait, and the form that adds one. */
import { build, buildButton, byId, KeyedList, write } from './dom.js';
import { requestJson } from './requests.js';

/** A fault, as the control plane lists it. */
export interface ListedFault {
  id: number;
  kind: string;
  remaining: number | null;
  [name: string]: unknown;
}

/** Returns the function that shows the faults. `changed` is called when this page has changed them. */
export function faultView(changed: () => void): (faults: readonly ListedFault[]) => void {
  const list = new KeyedList<ListedFault>(
    'faults',
    ({ id }) => String(id),
    (fault) => drawFault(fault, changed),
  );
  const form = byId<HTMLFormElement>('add-fault');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void requestJson('POST', 'faults', faultOf(new FormData(form))).then((answer) => {
      write(byId('fault-problem'), answer.ok ? '' : answer.error);
      changed();
    });
  });
  byId('clear-faults').addEventListener('click', () => void requestJson('DELETE', 'faults').then(changed));
  return (faults) => list.show(faults);
}

function drawFault({ id, kind, remaining, times: _, ...rest }: ListedFault, changed: () => void): Node[] {
  const remove = buildButton('Remove', () => {
    void requestJson('DELETE', `faults/${id}`).then(changed);
    // The button goes away with its row, and takes the focus with it.
    byId('faults-title').focus();
  });
  remove.setAttribute('aria-label', `Remove the fault ${id}, ${kind}`);
  const details = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [
    build('p', { class: 'title' }, build('strong', {}, kind), remove),
    build('p', { class: 'path' }, details.join(', ')),
    build(
      'p',
      { class: 'facts' },
      remaining === null ? 'every call' : `${remaining} more ${remaining === 1 ? 'call' : 'calls'}`,
    ),
  ];
}

/** Sends a number as a number. Anything else goes as it is, and the emulator says what is wrong with it. */
function faultOf(data: FormData): Record<string, unknown> {
  const { forever, ...fields } = Object.fromEntries(data) as Record<string, string>;
  const numbers = ['code', 'status', 'delayMs', 'times'];
  const given = Object.entries(fields).filter(([, value]) => value !== '');
  const fault = Object.fromEntries(
    given.map(([name, value]): [string, unknown] => {
      return [name, numbers.includes(name) && /^\d+$/.test(value) ? Number(value) : value];
    }),
  );
  return forever === undefined ? fault : { ...fault, times: null };
}
