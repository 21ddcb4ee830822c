/** What becomes of a message: the state of the phone or mailbox that it goes to, and what Twilio then reports of it. */
import { RefusedValue } from './refused-value.js';

/** The states that a destination can be in. */
export const deliveryStatuses = [
  'delivered',
  'under-way',
  'switched-off',
  'full',
  'landline',
  'unknown',
  'blocked',
  'filtered',
  'failed',
] as const;

/**
 * The state of a destination. `under-way`: the message waits at the carrier. `full`: there is no room for it. `unknown`: nobody
 * has the number or the address. `blocked` and `filtered`: the carrier keeps it back. `failed`: nobody knows why.
 */
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** A destination whose state was set. */
export interface Delivery {
  to: string;
  status: DeliveryStatus;
}

/** What Twilio reports of one message: its status, and the error code of one that failed. */
interface DeliveryReport {
  status: string;
  errorCode: string | null;
}

/** By channel; a channel that is left out delivers. E-mail has no error code in Twilio's dictionary. */
const reports: Record<Exclude<DeliveryStatus, 'delivered'>, Record<string, string>> = {
  'under-way': { sms: 'sent', call: 'ringing', whatsapp: 'sent', email: 'sent' },
  // WhatsApp keeps a message until the phone is on again.
  'switched-off': { sms: 'undelivered 30003', call: 'no-answer', whatsapp: 'sent' },
  full: { sms: 'undelivered 30003', email: 'undelivered' },
  landline: { sms: 'undelivered 30006', whatsapp: 'undelivered 63024' },
  unknown: { sms: 'undelivered 30005', call: 'failed', whatsapp: 'undelivered 63024', email: 'undelivered' },
  blocked: { sms: 'undelivered 30004', call: 'busy', email: 'undelivered' },
  filtered: { sms: 'undelivered 30007', email: 'undelivered' },
  failed: { sms: 'undelivered 30008', call: 'failed', whatsapp: 'failed 30008', email: 'undelivered' },
};

/** What Twilio reports in the end of a message to a destination in this state. */
export function finalReport(delivery: DeliveryStatus, channel: string): DeliveryReport {
  const name = channel === 'rcs' ? 'sms' : channel;
  const text = delivery === 'delivered' ? undefined : reports[delivery][name];
  const [status, errorCode = null] = text?.split(' ') ?? [];
  return { status: status ?? (name === 'call' ? 'completed' : 'delivered'), errorCode };
}

/** What Twilio reports while the carrier has not answered yet. */
export function earlyReport(channel: string): DeliveryReport {
  return { status: channel === 'call' ? 'ringing' : 'sent', errorCode: null };
}

/** Whether a message by this channel arrives. */
export function arrives(delivery: DeliveryStatus, channel: string): boolean {
  return ['delivered', 'completed'].includes(finalReport(delivery, channel).status);
}

/** The states of destinations. What nobody has set delivers. */
export class Deliveries {
  readonly #given: Readonly<Record<string, DeliveryStatus>>;
  readonly #byDestination = new Map<string, DeliveryStatus>();

  constructor(given: Readonly<Record<string, DeliveryStatus>> = {}) {
    this.#given = given;
    this.clear();
  }

  /** Sets the state for the messages from now on. */
  set(to: string, status: DeliveryStatus): void {
    if (to.includes('@') && (status === 'landline' || status === 'switched-off'))
      throw new RefusedValue(`No mailbox is ${JSON.stringify(status)}.`);
    if (status === 'delivered') this.#byDestination.delete(to);
    else this.#byDestination.set(to, status);
  }

  of(to: string): DeliveryStatus {
    return this.#byDestination.get(to) ?? 'delivered';
  }

  /** The destinations that do not simply deliver. */
  list(): Delivery[] {
    return [...this.#byDestination].map(([to, status]) => ({ to, status }));
  }

  /** Restores the states of the options. */
  clear(): void {
    this.#byDestination.clear();
    for (const [to, status] of Object.entries(this.#given)) this.set(to, status);
  }
}
