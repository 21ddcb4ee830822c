/** A person at a page: the real flow and client, the real backend of a stack, one clock, and a network that can fail. */
import { httpClient } from '../../src/flow/http-client.js';
import { FlowController } from '../../src/flow/flow-controller.js';
import type { FlowOptions } from '../../src/flow/options.js';
import type { CodeStep, ContactInput, Step, FlowProblem } from '../../src/flow/state-machine.js';
import { FakeClock, memoryStorage, settled } from './flow-fixtures.js';
import { ENDPOINT, type Stack } from './backend-stack.js';

/** What happens to the next request: it never arrives, or its answer does not. */
export type Cut = 'request' | 'answer';

export interface Person {
  /** The flow of the page as it is now; another one after `reload`. */
  readonly flow: FlowController;
  /** The step's name, and its problem if there is one. */
  readonly sees: string;
  readonly problem: FlowProblem | null;
  /** The code step, or an error. */
  readonly code: CodeStep;
  /** Does something, and waits for what comes of it. */
  does(act: (flow: FlowController) => void): Promise<void>;
  /** Types a contact and presses Send code. */
  enters(entry: ContactInput): Promise<void>;
  /** Time passes, for page, backend and Twilio alike. */
  waits(seconds: number): void;
  reload(): void;
  cut(next: Cut): void;
  /** How often the page has asked the backend. */
  readonly requests: number;
}

/** Opens a page with one element. `clock` may differ from the backend's, as on a phone whose time is wrong. */
export function visit(
  stack: Stack,
  user: string | null = null,
  options: Partial<FlowOptions> = {},
  clock = new FakeClock(stack.clock.now()),
  storage = memoryStorage(),
): Person {
  const network = stack.fetch(user);
  let cut: Cut | null = null;
  let requests = 0;
  const client = httpClient({
    endpoint: ENDPOINT,
    fetch: async (url, init) => {
      requests += 1;
      const broken = cut;
      cut = null;
      if (broken === 'request') throw new TypeError('Failed to fetch');
      const response = await network(url, init);
      if (broken === 'answer') throw new TypeError('Failed to fetch');
      return response;
    },
  });
  const open = () => {
    const host = { requestUpdate: () => undefined, addController: () => undefined };
    const flow = new FlowController(
      host,
      () => ({ purpose: 'contact', client, storageKey: 'the element', ...options }),
      { clock, storage: () => storage },
    );
    flow.hostConnected();
    return flow;
  };
  let flow = open();
  const problem = () => ('problem' in flow.step ? flow.step.problem : null);
  const person: Person = {
    get flow() {
      return flow;
    },
    get sees() {
      return [flow.step.name, problem()?.code].filter(Boolean).join(': ');
    },
    get problem() {
      return problem();
    },
    get code() {
      return codeStep(flow.step);
    },
    get requests() {
      return requests;
    },
    async does(act) {
      act(flow);
      while ('previous' in flow.step) await settled();
    },
    async enters(entry) {
      await person.does((page) => page.start());
      await person.does((page) => page.send(entry));
    },
    waits(seconds) {
      stack.clock.advance(seconds);
      clock.advance(seconds);
    },
    reload() {
      flow.hostDisconnected();
      flow = open();
      flow.start();
    },
    cut(next) {
      cut = next;
    },
  };
  return person;
}

function codeStep(step: Step): CodeStep {
  if (step.name !== 'code') throw new Error(`The code step was expected, not ${step.name}.`);
  return step;
}
