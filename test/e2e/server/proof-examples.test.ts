/** The files of examples/proofs in the languages that are installed here: each takes the right proofs and refuses the wrong ones. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyProof } from '../../../src/server/index.js';
import { proofCases, type ProofCases } from '../../support/proof-cases.js';
import { proofLanguages, type ProofLanguage } from '../../support/proof-languages.js';

const folder = mkdtempSync(join(tmpdir(), 'verify-contact-proofs-'));
afterAll(() => rmSync(folder, { recursive: true }));

let given: ProofCases;
beforeAll(async () => {
  given = await proofCases();
});

/** What the cases should get: the claims of the right ones. */
const expected = () => given.cases.map(({ name, proof, right }) => [name, right ? decodeJwt(proof) : null]);

/** What the language's file answers. One process checks all of them. */
function answersOf({ name, example, driver, build }: ProofLanguage): unknown[] {
  const place = mkdtempSync(join(folder, `${name}-`));
  copyFileSync(join('examples/proofs', example), join(place, example));
  copyFileSync(join('test/support/proof-drivers', driver), join(place, driver));
  const [program = '', ...args] = build(place);
  const { stdout, stderr, status } = spawnSync(program, args, {
    cwd: place,
    input: JSON.stringify(given),
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as unknown[];
}

describe('a proof is checked in other languages as in ours', () => {
  it('by verifyProof, which says the same of every proof', async () => {
    const answers = given.cases.map(async ({ name, proof, purpose, subject, context }) => {
      const options = { jwks: JSON.parse(given.jwks) as { keys: [] }, audience: given.audience, purpose, subject };
      const claims = await verifyProof(proof, { ...options, ...(context === null ? {} : { context }) }).catch(
        () => null,
      );
      return [name, claims];
    });
    expect(await Promise.all(answers)).toEqual(expected());
  });

  it('with at least eight wrong proofs for each right one', () => {
    const right = given.cases.filter((one) => one.right).length;
    expect(given.cases.length - right).toBeGreaterThanOrEqual(8 * right);
  });

  for (const language of proofLanguages) {
    const { name, missing } = language;
    it.skipIf(missing)(`in ${name}${missing ? ` (left out: it needs ${missing})` : ''}`, { timeout: 120_000 }, () => {
      const answers = answersOf(language);
      expect(given.cases.map((one, index) => [one.name, answers[index]])).toEqual(expected());
    });
  }

  it('in every language of the folder but C#, which no machine of ours has', () => {
    const driven = proofLanguages.map(({ example }) => example);
    expect(readdirSync('examples/proofs').filter((file) => !driven.includes(file))).toEqual(['VerifyProof.cs']);
  });
});
