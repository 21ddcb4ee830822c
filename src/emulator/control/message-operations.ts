/** The operations on messages: list the outbox, wait for a message, watch it, empty it, and say what becomes of the next ones. */
import { z } from 'zod';
import type { Emulator } from '../model/emulator.js';
import type { OutboxFilter, OutboxMessage } from '../model/outbox.js';
import { DeliveryBody, deliveryChannel, destinationText } from '../options/schemas.js';
import { strict } from '../options/validation.js';
import { contentResponse } from './control-response.js';
import { operation } from './operation.js';
import { limitInQuery, sidInQuery, timeInQuery, wholeInQuery } from './query-values.js';
import { Done, MessageResource } from './resources.js';

const selection = {
  to: destinationText.optional(),
  channel: deliveryChannel.optional(),
  serviceSid: sidInQuery('VA').optional(),
  verificationSid: sidInQuery('VE').optional(),
};

const seconds = wholeInQuery(0, 60).describe('Seconds of real time to wait for a message, if there is none yet.');

export const messageOperations = {
  'GET /outbox': operation({
    summary: 'List the delivered messages, newest first',
    query: strict({
      ...selection,
      since: timeInQuery.optional(),
      limit: limitInQuery.optional(),
      wait: seconds.optional(),
    }),
    returns: z.array(MessageResource),
    async run(emulator, { query: { wait = 0, ...filter }, signal }) {
      await arrival(emulator, filter, wait, signal);
      return emulator.outbox.list(filter);
    },
  }),
  'GET /outbox/events': operation({
    summary: 'Stream each new message as a server-sent event',
    query: strict(selection),
    returns: 'text/event-stream',
    run: (emulator, { query }) => events(emulator, query),
  }),
  'DELETE /outbox': operation({
    summary: 'Empty the outbox',
    returns: Done,
    run(emulator) {
      emulator.outbox.clear();
      return {};
    },
  }),
  'GET /deliveries': operation({
    summary: 'List the destinations that do not simply deliver',
    returns: z.array(DeliveryBody),
    run: ({ deliveries }) => deliveries.list(),
  }),
  'POST /deliveries': operation({
    summary: 'Say what becomes of the messages to a destination from now on',
    body: DeliveryBody,
    bodyName: 'The delivery',
    returns: DeliveryBody,
    run({ deliveries }, { body }) {
      deliveries.set(body.to, body.status);
      return body;
    },
  }),
  'DELETE /deliveries': operation({
    summary: 'Restore the destinations of the start',
    returns: Done,
    run({ deliveries }) {
      deliveries.clear();
      return {};
    },
  }),
};

/** Resolves when the outbox has a message that the filter selects, when the time is over, or when the client is gone. */
async function arrival(emulator: Emulator, filter: OutboxFilter, wait: number, signal: AbortSignal): Promise<void> {
  const isThere = () => emulator.outbox.list({ ...filter, limit: 1 }).length > 0;
  if (wait === 0 || isThere() || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      unsubscribe();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, wait * 1000);
    const unsubscribe = emulator.outbox.subscribe(() => {
      if (isThere()) end();
    });
    signal.addEventListener('abort', end);
  });
}

function events(emulator: Emulator, filter: OutboxFilter): Response {
  const encoder = new TextEncoder();
  let unsubscribe: (() => void) | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(': new messages of the outbox\n\n'));
      unsubscribe = emulator.outbox.subscribe((message) => {
        if (isSelected(message, filter)) controller.enqueue(encoder.encode(`data: ${JSON.stringify(message)}\n\n`));
      });
    },
    cancel: () => unsubscribe?.(),
  });
  return contentResponse(stream, 'text/event-stream');
}

const isSelected = (message: OutboxMessage, filter: OutboxFilter) =>
  (['to', 'channel', 'serviceSid', 'verificationSid'] as const).every(
    (name) => filter[name] === undefined || message[name] === filter[name],
  );
