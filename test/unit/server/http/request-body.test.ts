/** Bodies that are too large, too slow, or that two parsers would read differently (RFC 8259). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MAX_BODY_BYTES, parseJsonBody } from '../../../../src/server/http/request-body.js';
import { parseStrictJson } from '../../../../src/server/http/strict-json.js';

const anything = z.unknown();
const request = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request('https://shop.example/contact', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    duplex: 'half',
  } as RequestInit);

describe('a body', () => {
  it('of 16 kB is read, and one byte more is refused', async () => {
    const text = JSON.stringify('x'.repeat(MAX_BODY_BYTES - 2));
    expect(await parseJsonBody(request(text), anything)).toHaveLength(MAX_BODY_BYTES - 2);
    await expect(parseJsonBody(request(`${text} `), anything)).rejects.toMatchObject({ code: 'too-large' });
  });

  it('with a large Content-Length is refused before it is read', async () => {
    let pulled = 0;
    const stream = new ReadableStream({ pull: () => void (pulled += 1) }, { highWaterMark: 0 });
    await expect(parseJsonBody(request(stream, { 'content-length': '10000000' }), anything)).rejects.toMatchObject({
      code: 'too-large',
    });
    expect(pulled).toBe(0);
  });

  it('without Content-Length is refused as soon as it is too large', async () => {
    let sent = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1024;
        controller.enqueue(new Uint8Array(1024).fill(32));
      },
    });
    await expect(parseJsonBody(request(stream), anything)).rejects.toMatchObject({ code: 'too-large' });
    expect(sent).toBeLessThan(4 * MAX_BODY_BYTES);
  });

  it('that never ends is given up, and its stream cancelled', async () => {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array([123])),
      cancel: () => void (cancelled = true),
    });
    await expect(parseJsonBody(request(stream), anything, 5)).rejects.toMatchObject({ code: 'invalid-request' });
    expect(cancelled).toBe(true);
  });

  it('that stays shorter than its Content-Length is given up', async () => {
    const stream = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new Uint8Array([123])) });
    const reading = parseJsonBody(request(stream, { 'content-length': '20' }), anything, 5);
    await expect(reading).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('that is larger than its Content-Length is refused', async () => {
    const large = request('x'.repeat(MAX_BODY_BYTES + 1), { 'content-length': '20' });
    await expect(parseJsonBody(large, anything)).rejects.toMatchObject({ code: 'too-large' });
  });

  it('whose sender disconnects is an invalid request', async () => {
    const stream = new ReadableStream({ start: (controller) => controller.error(new Error('gone')) });
    await expect(parseJsonBody(request(stream), anything)).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it.each([
    ['invalid UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['an overlong encoding', new Uint8Array([0x22, 0xc0, 0xaf, 0x22])],
    ['a byte order mark', '\ufeff{}'],
    ['nothing', ''],
    ['no JSON', '{'],
    ['a comment', '{}//'],
    ['a key twice', '{"to":"a","to":"b"}'],
    ['a key twice, once escaped', '{"to":"a","t\\u006f":"b"}'],
    ['a key twice, deep inside', '{"extra":{"a":[{"b":1,"b":1}]}}'],
    ['__proto__', '{"__proto__":{"to":"x"}}'],
    ['NUL', '{"to":"\\u0000"}'],
    ['a lone surrogate', '{"to":"\\ud800"}'],
    ['a lone surrogate as key', '{"\\udc00":1}'],
    ['10,000 levels', '['.repeat(5000) + ']'.repeat(5000)],
    ['33 levels', '['.repeat(33) + ']'.repeat(33)],
  ])('with %s is an invalid request', async (_, body) => {
    await expect(parseJsonBody(request(body), anything)).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('that is compressed is an invalid request, since a bomb would be small', async () => {
    await expect(parseJsonBody(request('{}', { 'content-encoding': 'gzip' }), anything)).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });

  it('may declare JSON in UTF-8', async () => {
    for (const type of ['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])
      expect(await parseJsonBody(request('{}', { 'content-type': type }), anything)).toEqual({});
    await expect(
      parseJsonBody(request('{}', { 'content-type': 'application/json; charset=utf-16' }), anything),
    ).rejects.toMatchObject({ code: 'invalid-request' });
  });
});

describe('strict JSON', () => {
  it('parses whatever JSON.stringify writes, as JSON.parse does', () => {
    const json = fc
      .jsonValue({ maxDepth: 8, stringUnit: 'grapheme' })
      .filter((value) => !/__proto__|\\u0000/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(
        json,
        (value) =>
          void expect(parseStrictJson(JSON.stringify(value, null, 1))).toEqual(JSON.parse(JSON.stringify(value))),
      ),
    );
  });

  it('takes time in proportion to the text', () => {
    const time = (length: number) => {
      const text = JSON.stringify({ a: '\\"'.repeat(length), b: new Array(length).fill({}) }) + ' '.repeat(length);
      const rounds = Array.from({ length: 20 }, () => {
        const start = performance.now();
        parseStrictJson(text);
        return performance.now() - start;
      });
      // The fastest run: in the others the machine was also busy with something else.
      return Math.min(...rounds);
    };
    time(1000);
    expect(time(16_000)).toBeLessThan(80 * Math.max(0.05, time(1000)));
  });
});
