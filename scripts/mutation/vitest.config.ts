/** The tests that mutants are held against: those of challenge, proof, limits, stores and the contact pipeline, without what is slow and tells nothing about them. */
import { defineConfig } from 'vitest/config';

const about = [
  'challenge',
  'contact',
  'contact-address',
  'keys',
  'limit-options',
  'limits',
  'limits-counters',
  'limits-spending',
  'plain-text',
  'proof',
  'proof-keys',
  'redis-connection',
  'store',
  'store-failure',
  'store-model',
];

export default defineConfig({
  test: {
    include: about.map((name) => `test/${name}.test.ts`),
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
