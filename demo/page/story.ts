/** The story's script: one session, three live parts, the devices and the timeline. What a proof is worth, its host decides. */
import '../../src/define.js';
import { html, nothing, render } from 'lit';
import type { VerifyContactElement } from '../../src/index.js';
import { codeBlock } from './code-block.js';
import { mailbox, phone } from './devices.js';
import { ask, askSession, setFaultScenario, turnClock, type Answer, type Receipt, type SessionView } from './host.js';
import { place } from './element-by-id.js';
import { deliver } from './deliver-messages.js';
import { receiptCard, waitingReceipt } from './receipt.js';
import { accountCard, passwordCard, secondFactorCard, type SignInActions } from './sign-in.js';
import { signUpCard } from './sign-up.js';
import { pageLines, serverLines } from './snippets/story.js';
import { startTimeline } from './timeline.js';

type Card = 'sign-up' | 'sign-in';

/** What the person reads under a form when the host says no. */
let problem: { card: Card; sentence: string } | null = null;
let view: SessionView | null = null;
let receipt: Receipt | null = null;
/** By which the host finds the proof again. */
let receiptId = '';
let isTurning = false;

const actions: SignInActions = {
  signIn: (fields) => void act('sign-in', ask('POST', '/session', Object.fromEntries(fields))),
  signOut: () => void act('sign-in', ask('DELETE', '/session')),
};

// A proof is worth something only at the server: the event says that there is one, the host decides.
document.body.addEventListener('two-factor-verified', ({ proof }) => {
  void act('sign-in', ask('POST', '/session/second-factor', { proof }));
});
// The host's `accounts` know it already; the page draws what they say now.
document.body.addEventListener('contact-verified', () => {
  if (view?.user) void act('sign-in', askSession());
});

place('again').addEventListener('click', () => document.querySelector<VerifyContactElement>('#try')?.reset());
render([codeBlock('Page', pageLines), codeBlock('Server', serverLines)], place('lines'));
await act('sign-in', askSession());
const shown = view as SessionView | null;
if (shown) drawProvider(shown);
else render(html`No server is behind this page: <code>npm start</code> in a clone makes it live.`, place('provider'));
startTimeline(place('timeline'), shown?.provider === 'emulator');

async function act(card: Card, answering: Promise<Answer<SessionView>>): Promise<void> {
  const answer = await answering;
  problem = 'sentence' in answer ? { card, sentence: answer.sentence } : null;
  if ('value' in answer) view = answer.value;
  draw();
}

async function signUp(fields: FormData): Promise<void> {
  await act('sign-up', ask('POST', '/users', Object.fromEntries(fields)));
  if (problem || !view?.receipt) return;
  receiptId = view.receipt;
  await read();
}

async function read(): Promise<void> {
  const answer = await ask<Receipt>('GET', `/receipts/${receiptId}`);
  receipt = 'value' in answer ? answer.value : null;
  draw();
}

/** Thirty minutes in steps of five, each one asked of the server: so the proof is seen to live, and then not to. */
async function turn(): Promise<void> {
  isTurning = true;
  for (let step = 0; step < 6; step++) {
    if (!('value' in (await turnClock(5)))) break;
    await read();
  }
  isTurning = false;
  draw();
}

function draw(): void {
  render(signInPart(), place('sign-in-card'));
  const said = problem?.card === 'sign-up' ? problem.sentence : null;
  render(
    signUpCard((fields) => void signUp(fields), said, receipt !== null),
    place('sign-up-card'),
  );
  const turning = view?.provider === 'emulator' ? () => void turn() : null;
  render(receipt ? receiptCard(receipt, isTurning, turning, () => void read()) : waitingReceipt(), place('receipt'));
}

function signInPart() {
  const said = problem?.card === 'sign-in' ? problem.sentence : null;
  if (!view) return html`<div class="card"><p class="error" role="alert">${said}</p></div>`;
  if (view.user?.signedIn) return accountCard(view, actions);
  return view.user ? secondFactorCard(view, actions, said) : passwordCard(view, actions, said);
}

function drawProvider({ provider, sentence, warning }: SessionView): void {
  render(
    html`<span class=${provider}>${sentence}</span>${warning ? html`<br />${warning}` : nothing}`,
    place('provider'),
  );
  if (provider === 'emulator') {
    // What the playground broke is whole again here.
    void setFaultScenario('none');
    deliver({
      phone: (messages) => phone('phone-title', messages),
      mailbox: (messages) => html`${phone('second-phone-title', messages)}${mailbox('mail-title', messages)}`,
    });
  } else {
    for (const id of ['phone', 'mailbox']) {
      render(
        html`<p class="real">The real Twilio sends in this run: look at your own phone or mailbox.</p>`,
        place(id),
      );
    }
  }
}
