/**
 * The browsers that the elements' tests run in: Chromium always, Firefox and WebKit where the machine has them.
 * Plain JavaScript, because the test runner's configuration loads it before anything is compiled. Installs nothing.
 */
import { chromeLauncher } from '@web/test-runner-chrome';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromiumFlags, findChromium } from './find-chromium.js';
import { WebKitLauncher } from './webkit.js';

/**
 * @typedef {import('@web/test-runner').BrowserLauncher} Launcher
 * @typedef {() => Promise<Launcher | null>} Finder null where the machine has none
 */

/** In the order that they run in. @type {Record<string, Finder>} */
const finders = { chromium, firefox, webkit };

/** How to install a missing engine. */
const remedies = {
  firefox: 'install Firefox (Debian: firefox-esr) or set FIREFOX_PATH',
  webkit: 'on Linux install WebKitGTK’s driver and Xvfb (Debian: webkit2gtk-driver xvfb)',
};

/**
 * The launchers of the requested engines, and a sentence for each engine that is left out.
 * @param {string} requested names such as `chromium firefox`, or `all`
 * @returns {Promise<{ launchers: Launcher[], missing: string[] }>} rejects with one sentence for an unknown name, or without a Chromium
 */
export async function findEngines(requested) {
  const names = requested === 'all' ? Object.keys(finders) : (requested.match(/\w+/g) ?? []);
  const unknown = names.find((name) => !(name in finders));
  if (unknown) throw new Error(`ENGINES names ${unknown}; there are ${Object.keys(finders).join(', ')}.`);
  const launchers = [];
  const missing = [];
  for (const [name, find] of Object.entries(finders)) {
    const launcher = names.includes(name) ? await find() : null;
    if (launcher) launchers.push(launcher);
    else if (!names.includes(name))
      missing.push(`${name}: not requested; npm run test:engines runs all that are installed`);
    else missing.push(`${name}: not found; ${remedies[/** @type {keyof typeof remedies} */ (name)]}`);
  }
  return { launchers, missing };
}

/** @type {Finder} */
async function chromium() {
  const { executablePath, env } = await findChromium();
  const launcher = chromeLauncher({
    launchOptions: { executablePath, args: chromiumFlags, env: { ...process.env, ...env } },
    // Each page has a context with its own storage and window: a tab behind another gets no frames (Chromium 156).
    // Only one window of a machine can have the focus, but the tests of both pages need it, so it is emulated.
    createPage: async ({ browser }) => {
      const page = await (await browser.createBrowserContext()).newPage();
      await (await page.createCDPSession()).send('Emulation.setFocusEmulationEnabled', { enabled: true });
      return page;
    },
  });
  return named(launcher, 'Chromium');
}

/** Puppeteer controls it by WebDriver BiDi. @type {Finder} */
async function firefox() {
  const mac = '/Applications/Firefox.app/Contents/MacOS/firefox';
  const executablePath =
    process.env.FIREFOX_PATH || onPath('firefox-esr') || onPath('firefox') || (existsSync(mac) && mac);
  if (!executablePath) return null;
  const launcher = chromeLauncher({
    launchOptions: { browser: 'firefox', executablePath, headless: true },
    // Only one window has the focus, and a tab behind another gets no frames.
    concurrency: 1,
    createPage: async ({ browser }) => {
      const page = await browser.newPage();
      const setViewport = page.setViewport.bind(page);
      // Puppeteer sets the size and the orientation at once. Firefox before 144 knows the size only.
      page.setViewport = (viewport) =>
        setViewport(viewport).catch((error) => {
          if (!/unknown command emulation\.setScreenOrientationOverride/.test(error.message)) throw error;
        });
      return page;
    },
  });
  return named(launcher, 'Firefox');
}

/** @type {Finder} */
async function webkit() {
  const driver = onPath('WebKitWebDriver');
  const display = onPath('Xvfb');
  const browser = miniBrowser();
  return driver && display && browser ? new WebKitLauncher({ driver, display, browser }) : null;
}

/** Debian installs it outside the PATH, in a folder for the architecture and the version of WebKitGTK. */
function miniBrowser() {
  const folders = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((triplet) => `/usr/lib/${triplet}`).filter(existsSync);
  return folders
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.startsWith('webkit2gtk-'))
        .map((name) => join(folder, name)),
    )
    .map((folder) => join(folder, 'MiniBrowser'))
    .find(existsSync);
}

/** @param {string} command */
function onPath(command) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, command)).find(existsSync);
}

/**
 * @param {Launcher} launcher
 * @param {string} name as reports show it
 */
function named(launcher, name) {
  launcher.name = name;
  return launcher;
}
