/** The channels that this version of the elements knows. */
import type { Channel } from '../protocol/schemas.js';

/** Whether this version has sentences for the channel. A newer backend may have others. */
export function isKnownChannel(channel: string): channel is Channel {
  return ['sms', 'call', 'whatsapp', 'email'].includes(channel);
}
