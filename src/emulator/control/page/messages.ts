/** The messages as they arrive: the code large, with all that the outbox tells of them. */
import type { OutboxMessage } from '../../model/outbox.js';
import { build, buildButton, buildTime, byId, KeyedList, write } from './dom.js';

const list = new KeyedList<OutboxMessage>('messages', ({ attemptSid }) => attemptSid, drawMessage);
let known: Set<string> | undefined;

/** Shows the messages, newest first, and announces those that have arrived since the last time. */
export function showMessages(messages: readonly OutboxMessage[]): void {
  const arrived = known ? messages.filter(({ attemptSid }) => !known?.has(attemptSid)) : [];
  known = new Set(messages.map(({ attemptSid }) => attemptSid));
  list.show(messages);
  const [newest] = arrived;
  if (!newest) return;
  const sentence = `New message to ${newest.to} by ${newest.channel}, code ${newest.code}.`;
  write(byId('announcement'), arrived.length === 1 ? sentence : `${arrived.length} new messages. ${sentence}`);
}

function drawMessage(message: OutboxMessage): Node[] {
  const copied = build('span', { role: 'status' });
  const copy = buildButton('Copy', () => {
    navigator.clipboard.writeText(message.code).then(
      () => write(copied, 'Copied'),
      () => write(copied, 'The browser does not allow it'),
    );
  });
  copy.setAttribute('aria-label', `Copy the code ${message.code}`);
  return [
    build('p', {}, build('span', { class: 'destination' }, message.to)),
    build('p', { class: 'actions' }, build('span', { class: 'code' }, message.code), copy, copied),
    build('p', { class: 'said' }, message.text),
    ...(message.magicLink === null ? [] : [build('p', {}, link(message.magicLink))]),
    build(
      'p',
      { class: 'facts' },
      build('span', {}, message.channel),
      // Two services often have one name.
      build('span', {}, `${message.friendlyName} (VA…${message.serviceSid.slice(-4)})`),
      buildTime(message.at),
    ),
    build('details', {}, build('summary', {}, 'Details'), build('dl', {}, ...facts(message))),
  ];
}

/** A link for the web alone: what else an address may start is not for a click here. */
function link(address: string): Node {
  const isWeb = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  return isWeb
    ? build('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, address)
    : build('span', { class: 'path' }, address);
}

function facts(message: OutboxMessage): Node[] {
  const named: Record<string, unknown> = {
    Service: message.serviceSid,
    Verification: message.verificationSid,
    Attempt: message.attemptSid,
    Locale: message.locale,
    Template: message.templateSid,
    Tags: message.tags,
    Substitutions: message.substitutions,
    'Custom message': message.customMessage,
  };
  return Object.entries(named)
    .filter(([, value]) => value !== null)
    .flatMap(([name, value]) => [
      build('dt', {}, name),
      build('dd', {}, typeof value === 'string' ? value : JSON.stringify(value)),
    ]);
}
