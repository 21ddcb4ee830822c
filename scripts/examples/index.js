/**
 * Builds every example from the packed tarball in a folder of its own, and drives it in a real browser: `npm run examples [name…]`.
 * `--tarball FILE` takes one that is packed already. Exits non-zero if one example fails; the others are driven all the same.
 * `TEST_REPORT` names a file for the counts. An example in a language that is not installed here is named and left out.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { chromiumFlags, findChromium } from '../../test/support/find-chromium.js';
import { freePort } from '../processes/free-port.js';
import { pollUntil } from '../processes/poll-until.js';
import { forgedEvents, journeys } from './journeys.js';
import { examples } from './list.js';
import { lastLines, run, start } from './processes.js';

/** @import { Browser } from 'playwright-core' */
/** @import { Example } from './list.js' */

/** Debian's own, which finds Debian's packages; another one that comes before it in the path may not. */
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({ options: { tarball: { type: 'string' } }, allowPositionals: true });
const unknown = positionals.filter((name) => !examples.some((one) => one.name === name));
if (unknown.length > 0) {
  console.error(`There is no example ${unknown.join(', ')}: there are ${examples.map((one) => one.name).join(', ')}.`);
  process.exit(1);
}
const chosen = examples.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

// Outside this repository, or a package that an example forgot to name would be found in our own node_modules.
const home = mkdtempSync(join(tmpdir(), 'verify-contact-examples-'));
/** @type {Set<string>} */
const installed = new Set();
let passed = 0;
let failed = 0;
const { executablePath, env } = await findChromium();
const browser = await chromium.launch({
  executablePath,
  args: chromiumFlags,
  env: /** @type {Record<string, string>} */ ({ ...process.env, ...env }),
});
try {
  await pack();
  for (const example of chosen) {
    const began = Date.now();
    const seconds = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
    try {
      const lacking = await lack(example);
      if (lacking) {
        console.log(`::: Left out: the example ${example.name} (${lacking})`);
        continue;
      }
      await prepare(example);
      const built = seconds();
      await drive(example, browser);
      passed += 1;
      console.log(`ok      ${example.name.padEnd(10)} built after ${built}, both journeys made after ${seconds()}`);
      for (const form of example.forms ?? []) {
        await drive(example, browser, form);
        passed += 1;
        console.log(`ok      ${example.name.padEnd(10)} both journeys made with ${form} after ${seconds()}`);
      }
    } catch (error) {
      failed += 1;
      console.log(
        `FAILED  ${example.name.padEnd(10)} after ${seconds()}: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
} finally {
  await browser.close();
  rmSync(home, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
if (process.env.TEST_REPORT) writeFileSync(process.env.TEST_REPORT, JSON.stringify({ passed, failed }));
process.exitCode = failed > 0 ? 1 : 0;

/** Packs the package and lays the examples beside it, as they lie in the repository. */
async function pack() {
  const packed = join(root, '.cache/verify-contact.tgz');
  if (values.tarball === undefined) {
    mkdirSync(dirname(packed), { recursive: true });
    const said = await run(['npm', 'pack', '--json', '--pack-destination', dirname(packed)], root, 600);
    renameSync(join(dirname(packed), /"filename": "([^"]+)"/.exec(said)?.[1] ?? ''), packed);
  }
  cpSync(values.tarball ?? packed, join(home, '.cache/verify-contact.tgz'));
  // What somebody has built by hand in place stays there.
  const left = ['node_modules', 'dist', '.next', '.angular', 'package-lock.json'];
  cpSync(join(root, 'examples'), join(home, 'examples'), {
    recursive: true,
    filter: (source) => !left.includes(basename(source)),
  });
}

/** What this machine lacks for the example, or null. @param {Example} example @returns {Promise<string | null>} */
async function lack({ python: modules }) {
  if (!modules) return null;
  const there = run([python, '-c', `import ${modules.join(', ')}`], root, 60);
  const packages = modules.map((name) => `python3-${name}`).join(' ');
  return there.then(
    () => null,
    () => `apt-get install ${packages}`,
  );
}

/** Installs what the example and its server need, and builds. @param {Example} example */
async function prepare({ folder, server, build }) {
  for (const needed of new Set([server, folder])) {
    const cwd = join(home, 'examples', needed);
    if (installed.has(needed)) continue;
    // Install scripts would fetch binaries that the packages carry already.
    const quietly = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--prefer-offline'];
    await run(['npm', 'install', ...quietly], cwd, 600);
    installed.add(needed);
  }
  if (build) await run(['npm', 'run', ...build], join(home, 'examples', folder), 600);
}

/**
 * Starts an emulator and the example's server, and makes both journeys.
 * @param {Example} example @param {Browser} browser @param {string} [form] the form library to sign up with
 */
async function drive({ server, page: files, rendered }, browser, form) {
  const cwd = join(home, 'examples', server);
  const emulator = start(['npx', '--no', 'verify-contact', 'emulator', '--port', '0', '--json'], cwd);
  try {
    const twilio = await emulator.waitUntil(() => {
      const [line] = emulator.output().match(/^\{.*\}$/m) ?? [];
      if (line === undefined) return null;
      const { settings } = /** @type {{ settings: Record<string, string> }} */ (JSON.parse(line));
      // The examples sign in with the API key, and the command refuses to have both.
      delete settings.TWILIO_AUTH_TOKEN;
      return settings;
    });
    const port = String(await freePort());
    /** @type {Record<string, string>} */
    const page = files ? { PAGE: join(home, 'examples', files) } : {};
    const serving = start(['npm', 'start'], cwd, { ...twilio, ...page, PORT: port, PYTHON: python });
    try {
      const origin = `http://localhost:${port}`;
      await serving.waitForUrl(`${origin}/session`);
      const html = await (await fetch(origin)).text();
      if (rendered && !html.includes('<verify-contact ')) throw new Error('the server does not render the element');
      const path = form ? `/?form=${form}` : '/';
      await makeJourneys(browser, origin, path, (to, count) => readCode(twilio.TWILIO_BASE_URL ?? '', to, count));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`${message}\nThe server's output:\n${lastLines(serving.output())}`, { cause: error });
    } finally {
      await serving.stop('SIGKILL');
    }
  } finally {
    await emulator.stop('SIGKILL');
  }
}

/**
 * Makes the journeys in a new tab.
 * @param {Browser} browser @param {string} origin @param {string} path of the page @param {Parameters<typeof journeys>[3]} codeTo
 */
async function makeJourneys(browser, origin, path, codeTo) {
  const context = await browser.newContext();
  context.setDefaultTimeout(60_000);
  /** @type {string[]} */
  const complaints = [];
  try {
    const tab = await context.newPage();
    tab.on('pageerror', (error) => complaints.push(error.message));
    tab.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    await journeys(tab, origin, path, codeTo).catch((error) => {
      throw new Error([error.message, ...complaints].join('\n'), { cause: error });
    });
    if (complaints.length > 0) throw new Error(`the page complains: ${complaints.join('; ')}`);
    await forgedEvents(tab, origin);
  } finally {
    await context.close();
  }
}

/**
 * The code in the message number `count` to that contact, as soon as it is there.
 * @param {string} emulator its URL @param {string} to @param {number} count @returns {Promise<string>}
 */
async function readCode(emulator, to, count) {
  const read = async () => {
    const response = await fetch(`${emulator}/__emulator/outbox?to=${encodeURIComponent(to)}`);
    const messages = /** @type {{ code: string }[]} */ (await response.json());
    return messages.length >= count && messages[0]?.code;
  };
  return pollUntil(read, { timeout: 60_000, message: `no message number ${count} came to ${to}` });
}
