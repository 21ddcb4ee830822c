/** The story's script: one session, three live elements, the devices and the timeline. The host verifies the proofs. */
import '../../src/define.js';
import { html, nothing, render } from 'lit';
import { addCopyButtons } from './copy-buttons.js';
import { mailbox, phone } from './devices.js';
import {
  advanceClock,
  callHost,
  fetchSession,
  setFaultScenario,
  type HostResult,
  type Receipt,
  type SessionView,
} from './host.js';
import { elementById } from './element-by-id.js';
import { deliverMessages } from './deliver-messages.js';
import { receiptCard, waitingReceipt } from './receipt.js';
import { accountCard, passwordCard, secondFactorCard, type SignInActions } from './sign-in.js';
import { signUpCard } from './sign-up.js';
import { startAnewButtons } from './start-anew.js';
import { startTimeline } from './timeline.js';

type Card = 'sign-up' | 'sign-in';

/** The sentence under a form after the host refused it. */
let problem: { card: Card; sentence: string } | null = null;
let view: SessionView | null = null;
let receipt: Receipt | null = null;
/** The host finds the proof by it. */
let receiptId = '';
let isAdvancing = false;
/** Whether the password was entered on this page. After a reload the code field must not take the focus. */
let hasEnteredPassword = false;
/** The demo's clock, if the visitor has turned it by a day. */
let turnedTo: number | null = null;

const actions: SignInActions = {
  signIn: (fields) => {
    hasEnteredPassword = true;
    void act('sign-in', callHost('POST', '/session', Object.fromEntries(fields)));
  },
  signOut: () => void act('sign-in', callHost('DELETE', '/session')),
};

// The event only says that there is a proof. The host verifies it.
document.body.addEventListener('two-factor-verified', ({ proof }) => {
  void act('sign-in', callHost('POST', '/session/second-factor', { proof }));
});
// The host's accounts have the contact already. The page shows what they say now.
document.body.addEventListener('contact-verified', () => {
  if (view?.user) void act('sign-in', fetchSession());
});

addCopyButtons();
await act('sign-in', fetchSession());
const shown = view as SessionView | null;
if (shown) {
  drawProvider(shown);
  drawDevices(shown);
} else {
  render(
    html`No server is behind this page: <code>npm start</code> in a clone makes it live.`,
    elementById('provider'),
  );
}
startTimeline(elementById('timeline'), shown?.provider === 'emulator');

async function act(card: Card, call: Promise<HostResult<SessionView>>): Promise<void> {
  const result = await call;
  problem = 'sentence' in result ? { card, sentence: result.sentence } : null;
  if ('value' in result) view = result.value;
  draw();
}

async function signUp(fields: FormData): Promise<void> {
  await act('sign-up', callHost('POST', '/users', Object.fromEntries(fields)));
  if (problem || !view?.receipt) return;
  receiptId = view.receipt;
  await readReceipt();
}

async function readReceipt(): Promise<void> {
  const result = await callHost<Receipt>('GET', `/receipts/${receiptId}`);
  receipt = 'value' in result ? result.value : null;
  draw();
}

/** Advances thirty minutes in steps of five, and verifies the proof after each, so that it is seen to expire. */
async function advance(): Promise<void> {
  isAdvancing = true;
  for (let step = 0; step < 6; step++) {
    if (!('value' in (await advanceClock(5)))) break;
    await readReceipt();
  }
  isAdvancing = false;
  draw();
}

function draw(): void {
  drawSignIn();
  const sentence = problem?.card === 'sign-up' ? problem.sentence : null;
  render(
    signUpCard((fields) => void signUp(fields), sentence, receipt !== null),
    elementById('sign-up-card'),
  );
  const advanceOrNull = view?.provider === 'emulator' ? () => void advance() : null;
  render(
    receipt ? receiptCard(receipt, isAdvancing, advanceOrNull, () => void readReceipt()) : waitingReceipt(),
    elementById('receipt'),
  );
}

/** If the card that had the focus is gone, the next one gets it: in its code field, or else on its heading. */
function drawSignIn(): void {
  const root = elementById('sign-in-card');
  const hadFocus = root.contains(document.activeElement);
  render(signInCard(), root);
  if (hadFocus && !root.contains(document.activeElement) && !root.querySelector('two-factor'))
    root.querySelector<HTMLElement>('h3')?.focus();
}

function signInCard() {
  const sentence = problem?.card === 'sign-in' ? problem.sentence : null;
  if (!view) return html`<div class="card"><p class="error" role="alert">${sentence}</p></div>`;
  if (view.user?.signedIn) return accountCard(view, actions);
  return view.user
    ? secondFactorCard(view, actions, sentence, hasEnteredPassword)
    : passwordCard(view, actions, sentence);
}

function turned(now: number): void {
  turnedTo = now;
  if (view) drawProvider(view);
  if (receipt) void readReceipt();
}

function drawProvider({ provider, sentence }: SessionView): void {
  render(
    html`<span class=${provider}>${sentence}</span>
      ${provider === 'emulator' ? startAnewButtons(turnedTo, turned) : nothing}`,
    elementById('provider'),
  );
}

/** The devices of the emulator, or the sentence in their place. */
function drawDevices({ provider }: SessionView): void {
  if (provider === 'emulator') {
    // Removes the fault that the playground may have chosen.
    void setFaultScenario('none');
    deliverMessages({
      phone: (messages) => phone('phone-title', messages),
      mailbox: (messages) => html`${phone('second-phone-title', messages)}${mailbox('mail-title', messages)}`,
    });
  } else {
    for (const id of ['phone', 'mailbox']) {
      render(
        html`<p class="real">The real Twilio sends in this run: look at your own phone or mailbox.</p>`,
        elementById(id),
      );
    }
  }
}
