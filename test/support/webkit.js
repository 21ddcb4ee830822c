/**
 * WebKit for the elements' tests: WebKitGTK's MiniBrowser with its own WebDriver, on a virtual display.
 * Plain JavaScript, like test/support/engines.js, which uses it. Starts nothing before the first test file.
 */
import { WebdriverLauncher } from '@web/test-runner-webdriver';
import { freePort } from '../../scripts/processes/free-port.js';
import { startProcess } from '../../scripts/processes/start-process.js';

/** The WebDriver codes (https://www.w3.org/TR/webdriver2/#keyboard-actions) of the keys that tests press by name. */
const keys = new Map(
  Object.entries({
    Backspace: '\uE003',
    Tab: '\uE004',
    Enter: '\uE007',
    Shift: '\uE008',
    Control: '\uE009',
    Alt: '\uE00A',
    Escape: '\uE00C',
    Space: ' ',
    End: '\uE010',
    Home: '\uE011',
    ArrowLeft: '\uE012',
    ArrowUp: '\uE013',
    ArrowRight: '\uE014',
    ArrowDown: '\uE015',
    Insert: '\uE016',
    Delete: '\uE017',
    Meta: '\uE03D',
  }),
);

/** One window, so one test file at a time. */
export class WebKitLauncher extends WebdriverLauncher {
  #connection;
  #commands;
  /** @type {Promise<void> | undefined} */
  #started;
  /** @type {import('../../scripts/processes/start-process.js').RunningProcess[]} */
  #processes = [];
  concurrency = 1;

  /** @param {{ driver: string, display: string, browser: string }} commands paths of WebKitWebDriver, Xvfb and MiniBrowser */
  constructor({ driver, display, browser }) {
    const connection = {
      hostname: '127.0.0.1',
      port: 0,
      path: '/',
      capabilities: {
        browserName: 'MiniBrowser',
        // The driver does not support BiDi, and rejects capabilities that request it.
        'wdio:enforceWebDriverClassic': true,
        'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] },
      },
    };
    super(connection);
    this.#connection = connection;
    this.#commands = { driver, display };
  }

  /**
   * @override
   * @param {import('@web/test-runner-core').TestRunnerCoreConfig} config
   */
  async initialize(config) {
    await super.initialize({ ...config, concurrency: 1 });
    this.name = 'WebKit';
    // Under WebDriver, the runner's own commands cannot hold a key down. Under Puppeteer they use a page, which `getPage` replaces.
    this.type = 'puppeteer';
  }

  /**
   * @override
   * @param {string} id
   * @param {string} url
   */
  async startSession(id, url) {
    this.#started ??= this.#start();
    await this.#started;
    await super.startSession(id, url);
  }

  /** @override */
  async stop() {
    await super.stop();
    await Promise.all(this.#processes.map((one) => one.stop()));
  }

  /** The part of Puppeteer's page that the runner's commands use. */
  getPage() {
    return {
      keyboard: {
        /** @param {string} text */
        type: (text) => this.#act([...text].flatMap((key) => [down(key), up(key)])),
        /** @param {string} key */
        press: (key) => this.#act([down(key), up(key)]),
        /** @param {string} key */
        down: (key) => this.#act([down(key)]),
        /** @param {string} key */
        up: (key) => this.#act([up(key)]),
      },
      mouse: {
        /** @param {number} x @param {number} y */
        click: (x, y) =>
          this.#act(
            [
              { type: 'pointerMove', origin: 'viewport', x, y },
              { type: 'pointerDown', button: 0 },
              { type: 'pointerUp', button: 0 },
            ],
            { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' } },
          ),
      },
    };
  }

  /** @param {object[]} actions @param {object} source */
  async #act(actions, source = { type: 'key', id: 'keyboard' }) {
    await this['driver']?.performActions([{ ...source, actions }]);
  }

  async #start() {
    const screen = ['-screen', '0', '1280x1024x24', '-nolisten', 'tcp'];
    const display = startProcess([this.#commands.display, '-displayfd', '1', ...screen]);
    this.#processes.push(display);
    const [, number] = await display.waitForOutput(/^(\d+)\n/m);
    const port = await freePort();
    const driver = startProcess([this.#commands.driver, `--port=${port}`], {
      // Without a desktop there is no accessibility bus. Looking for one takes seconds.
      env: { ...process.env, DISPLAY: `:${number}`, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1', LIBGL_ALWAYS_SOFTWARE: '1' },
    });
    this.#processes.push(driver);
    this.#connection.port = port;
    await driver.waitForUrl(`http://127.0.0.1:${port}/status`);
  }
}

/** @param {string} key */
const down = (key) => ({ type: 'keyDown', value: keys.get(key) ?? key });
/** @param {string} key */
const up = (key) => ({ type: 'keyUp', value: keys.get(key) ?? key });
