/** Which room of the source may import which: one table for the backend, the elements, the emulator and the command. */
import { expect, it } from 'vitest';
import { Source, type Import } from '../../support/source-code.js';

const source = new Source();

/**
 * What each room may import, besides itself. Each list names rooms further up in the same table, so that there is no cycle,
 * and then folders of `src` outside it. `top` is the files beside the rooms, which may import everything in the table.
 */
const tables: Record<string, Record<string, string>> = {
  server: {
    runtime: '',
    // What each option takes. The other rooms check their own options with it, and the compiler compares their interfaces.
    options: 'protocol',
    http: 'runtime options protocol',
    contacts: 'protocol',
    tokens: 'options protocol',
    store: 'runtime options protocol',
    accounts: 'runtime options protocol',
    limits: 'options contacts store protocol',
    // It plays no part in limits and setup: they hand in what it needs, and import its types.
    twilio: 'runtime options protocol',
    identity: 'options contacts tokens accounts protocol',
    setup: 'runtime options http contacts tokens store accounts limits twilio identity protocol',
    verification: 'http tokens twilio identity setup protocol',
    'verification/send': 'contacts tokens store limits twilio identity setup verification protocol',
    'verification/check':
      'contacts tokens store accounts limits twilio identity setup verification verification/send protocol',
    'verification/delivery': 'tokens store setup verification verification/check protocol',
    top: 'protocol',
  },
  elements: {
    events: 'flow protocol',
    controllers: 'events flow locales protocol',
    numbering: '',
    fields: 'controllers numbering flow',
    templates: 'controllers fields flow',
    top: 'flow locales protocol',
  },
  emulator: {
    model: '',
    // What the options and the control plane take, and the sentence for what they refuse.
    options: 'model',
    // The page's own scripts run in a browser: of the rest they import types alone.
    'control/page': 'model',
    control: 'model options',
    api: 'model',
    // Sockets, and the certificates of the proxy.
    serving: 'model api',
    top: '',
  },
  cli: {
    settings: 'server protocol',
    serve: 'settings server',
    doctor: 'settings server',
    'twilio-emulator': 'settings emulator',
    top: 'server emulator conformance',
  },
};

/** `src/server/verification/send/x.ts` → `verification/send`, seen from `server`; `protocol` for a file outside of it. */
function roomOf(file: string, house: string): string {
  const [, folder = '', ...rest] = file.split('/');
  if (folder !== house) return folder;
  return rest.slice(0, -1).join('/') || 'top';
}

const arrow = ({ from, to }: Import) => `${from} → ${to}`;

it.each(Object.entries(tables))('the rooms of src/%s import only what the table lists', (house, table) => {
  const rooms = Object.keys(table);
  const imports = source.imports(`src/${house}`).filter((one) => one.own);
  const against = imports.filter(({ from, to }) => {
    const [here, there] = [roomOf(from, house), roomOf(to, house)];
    if (here === there) return false;
    const allowed = [...(table[here] ?? '').split(' '), ...(here === 'top' ? rooms : [])];
    return !allowed.includes(there);
  });
  expect(imports.length).toBeGreaterThan(0);
  expect(against.map(arrow)).toEqual([]);
});

it.each(Object.entries(tables))(
  'every room of src/%s is in the table, and every room in the table is there',
  (house, table) => {
    const rooms = new Set(source.files(`src/${house}`).map((file) => roomOf(file, house)));
    expect([...rooms].sort()).toEqual(Object.keys(table).sort());
  },
);

it.each(Object.entries(tables))('a room of src/%s imports rooms above it, never below it', (_, table) => {
  const rooms = Object.keys(table);
  const upwards = rooms.flatMap((room, floor) =>
    (table[room] ?? '')
      .split(' ')
      .filter((other) => rooms.indexOf(other) >= floor)
      .map((other) => `${room} → ${other}`),
  );
  expect(upwards).toEqual([]);
});

it('the command takes from the backend what it exports publicly or in internals.ts', () => {
  const doors = ['src/server/index.ts', 'src/server/internals.ts'];
  const around = source
    .imports('src/cli', 'src/cli.ts')
    .filter(({ to }) => to.startsWith('src/server/') && !doors.includes(to));
  expect(around.map(arrow)).toEqual([]);
});
