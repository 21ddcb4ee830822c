/** The site that the browser visits: one page for ours and each peer, the built files as brotli, and a backend before the emulator. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

/** What a page says when its field can be used. @param {string} tag */
const usable = (tag) => `<script type="module">
  await customElements.whenDefined('${tag}');
  const field = () => document.querySelector('${tag}')?.shadowRoot?.querySelector('input:not(:disabled)');
  while (!field()) await new Promise((resolve) => requestAnimationFrame(resolve));
  globalThis.usableAt = performance.now();
</script>`;
/** The pages by name; each sets `usableAt` when its field can be typed into. */
export const pages = {
  ours: `<script type="module" src="/verify-contact.min.js"></script><verify-contact></verify-contact>${usable('verify-contact')}`,
  'bare Lit': `<script type="module" src="/elements.js"></script><bare-lit></bare-lit>${usable('bare-lit')}`,
  vanilla: `<input id="input" type="tel"><script>
  document.querySelector('input').oninput = ({ target }) => (globalThis.text = target.value);
  globalThis.usableAt = performance.now();
</script>`,
};
/** Starts it on a free port. @param {string} dist @param {string} folder */
export async function serve(dist, folder) {
  const { createHandler, generateKeys } = await import(`${dist}/server/index.js`);
  const { nodeListener } = await import(`${dist}/server/node.js`);
  const { createEmulator } = await import(`${dist}/emulator/index.js`);
  const emulator = createEmulator();
  const { contact: contactService, twoFactor: twoFactorService } = emulator.services;
  const { accountSid, apiKey, apiSecret } = emulator.credentials;
  const twilio = {
    accountSid,
    apiKey,
    apiSecret,
    contactService,
    twoFactorService,
    transport: (/** @type {Request} */ request) => emulator.fetch(request),
  };
  const backend = nodeListener(
    createHandler({
      twilio,
      keys: await generateKeys(),
      audience: 'bench',
      anonymous: true,
      twoFactor: { required: 'never' },
    }),
  );
  /** @type {Record<string, string>} */
  const documents = { ...pages, many: `${pages.ours}<script type="module" src="/elements.js"></script>` };
  /** @type {Map<string, Buffer>} */
  const compressed = new Map();
  const server = createServer((incoming, outgoing) => {
    const path = decodeURIComponent(incoming.url ?? '/').slice(1);
    if (path.startsWith('verify/')) return void backend(incoming, outgoing);
    const known = compressed.get(path);
    let bytes = known;
    try {
      bytes ??= brotliCompressSync(
        path in documents
          ? `<!doctype html><html lang="en"><body>${documents[path]}`
          : readFileSync(join(folder, path)),
      );
    } catch {
      outgoing.writeHead(404).end();
      return;
    }
    compressed.set(path, bytes);
    const type = extname(path) === '.js' ? 'text/javascript' : 'text/html; charset=utf-8';
    outgoing
      .writeHead(200, { 'content-type': type, 'content-encoding': 'br', 'content-length': bytes.length })
      .end(bytes);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  return {
    url: `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`,
    code: (/** @type {string} */ to) => emulator.outbox.latest(to)?.code ?? '',
    calls: () => emulator.calls.length,
    close: () => server.close(),
  };
}
