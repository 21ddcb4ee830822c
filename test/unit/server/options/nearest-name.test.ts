/** The known name that a misspelt one means. */
import { expect, it } from 'vitest';
import { nearestName } from '../../../../src/server/options/nearest-name.js';

const known = ['beforeSend', 'countries', 'channels', 'url', 'total', 'anonymous'];

it.each([
  ['beforesend', 'beforeSend'],
  ['BEFORE_SEND', 'beforeSend'],
  ['countrys', 'countries'],
  ['chanels', 'channels'],
  ['totl', 'total'],
  ['anonimous', 'anonymous'],
  ['uri', 'url'],
])('%s probably means %s', (name, expected) => {
  expect(nearestName(name, known)).toBe(expected);
});

it.each(['', 'u', 'key', 'toast', 'completelyDifferent', 'cable'])('%j means none of them', (name) => {
  expect(nearestName(name, known)).toBeUndefined();
});

it('of two near names, the nearer one is meant', () => {
  expect(nearestName('VERIFY_ORIGIN', ['VERIFY_ORIGINAL', 'VERIFY_ORIGINS'])).toBe('VERIFY_ORIGINS');
});
