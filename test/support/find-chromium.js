/**
 * Finds a Chromium to test in: CHROME_PATH, else an installed one, else (Linux x64) the one inside the package @sparticuz/chromium.
 * Plain JavaScript, because the test runner's configuration loads it before anything is compiled.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { Launcher } from 'chrome-launcher';

/**
 * @typedef {object} Chromium
 * @property {string} executablePath
 * @property {Record<string, string>} env variables that the browser needs in addition to ours
 */

/**
 * A Chromium on this machine. On Linux x64 there always is one; elsewhere it may reject with a sentence that says what to install.
 * @returns {Promise<Chromium>}
 */
export async function findChromium() {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROME_PATH names ${named}, where there is no file.`);
    return { executablePath: named, env: {} };
  }
  const installed = firstInstallation();
  if (installed) return { executablePath: installed, env: {} };
  if (process.platform === 'linux' && process.arch === 'x64') return packagedChromium();
  throw new Error('No Chrome, Chromium or Edge was found: install one, or set CHROME_PATH to its executable.');
}

/** The flags of every launch. As root (in most containers) Chromium starts only without its sandbox; the other flags prevent requests to Google. */
export const chromiumFlags = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
];

/** @returns {string | undefined} */
function firstInstallation() {
  try {
    return Launcher.getFirstInstallation();
  } catch {
    // The launcher throws on platforms that it does not know.
    return undefined;
  }
}

/**
 * The Chromium inside the package, unpacked once into the project's .cache with the libraries and fonts that it needs. In a
 * shared temporary folder, another user of the machine could have put a program under the same name.
 * The package's own `executablePath()` is not atomic, and its `args` switch web security off.
 * @returns {Promise<Chromium>}
 */
export async function packagedChromium() {
  let root = dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'));
  while (!existsSync(join(root, 'bin', 'chromium.br'))) root = dirname(root);
  const { version } = /** @type {{ version: string }} */ (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const home = fileURLToPath(new URL(`../../.cache/chromium-${version}`, import.meta.url));
  if (!existsSync(home)) await unpack(join(root, 'bin'), home);
  return {
    executablePath: join(home, 'chromium'),
    env: { LD_LIBRARY_PATH: join(home, 'lib'), FONTCONFIG_FILE: join(home, 'fonts.conf') },
  };
}

/**
 * @param {string} from the package's folder of archives
 * @param {string} home the folder to make
 */
async function unpack(from, home) {
  const draft = `${home}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const archives = { 'chromium.br': 'chromium', 'al2023.tar.br': 'libraries.tar', 'fonts.tar.br': 'fonts.tar' };
  await Promise.all(
    Object.entries(archives).map(([archive, file]) =>
      pipeline(createReadStream(join(from, archive)), createBrotliDecompress(), createWriteStream(join(draft, file))),
    ),
  );
  chmodSync(join(draft, 'chromium'), 0o755);
  for (const tar of ['libraries.tar', 'fonts.tar']) {
    execFileSync('tar', ['xf', join(draft, tar), '-C', draft]);
    rmSync(join(draft, tar));
  }
  writeFileSync(
    join(draft, 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${home}/fonts</dir><cachedir>${home}/font-cache</cachedir></fontconfig>`,
  );
  // Renamed at the end, so that neither two runs at once nor an interrupted one leaves an incomplete browser.
  try {
    renameSync(draft, home);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
}
