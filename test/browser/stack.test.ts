/** The stack that browser tests open is the real one, and each has its own. */
import { expect } from '@open-wc/testing';
import { openStack } from './support/browser-stack.js';
import { until } from './support/until.js';

const send = (endpoint: string, to: string) =>
  fetch(`${endpoint}/contact`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ to }),
  });

describe('a stack', () => {
  it('delivers a code that the test can read, and counts the requests', async () => {
    const stack = await openStack();
    expect((await send(stack.endpoint, '+14155552671')).status).to.equal(201);
    expect(await stack.latestCode('+14155552671')).to.match(/^\d{6}$/);
    expect(await stack.requests()).to.deep.equal(['POST /contact']);
    expect((await stack.calls()).filter((call) => call.startsWith('POST'))).to.have.length(1);
  });

  it('shares nothing with another stack', async () => {
    const [one, other] = await Promise.all([openStack(), openStack()]);
    await send(one.endpoint, '+14155552671');
    expect(await other.outbox()).to.deep.equal([]);
  });

  it('cuts the connection, and delays responses, when a test requests it', async () => {
    const stack = await openStack();
    await stack.network('down');
    let lost = false;
    await send(stack.endpoint, '+14155552671').catch(() => (lost = true));
    expect(lost).to.equal(true);
    await stack.network('up');
    const release = await stack.hold();
    let answered = false;
    const answer = send(stack.endpoint, '+14155552671').then(() => (answered = true));
    await until(async () => (await stack.outbox()).length > 0);
    expect(answered).to.equal(false);
    await release();
    await answer;
  });
});
