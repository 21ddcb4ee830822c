/** The two journeys that every example must carry a person through, and the lies that its server must not believe. Drives a page; starts nothing. */
import assert from 'node:assert/strict';

/** @import { APIResponse, Page } from 'playwright-core' */

const name = 'mary';
const password = 'jackson five';
const phone = '+14155552671';

/**
 * Signs somebody up with a verified number, and in again with the second factor. Rejects at the first thing that is not so.
 * @param {Page} page
 * @param {string} origin where the example is
 * @param {string} path of its page. With a form library, the page keeps the proof over a reload, and can start again
 * @param {(to: string, count: number) => Promise<string>} codeTo the code in the message number `count` to that contact
 */
export async function journeys(page, origin, path, codeTo) {
  /** @param {string} path @param {Record<string, string>} form */
  const post = (path, form) => page.request.post(origin + path, { form, maxRedirects: 0 });
  const session = async () => (await page.request.get(`${origin}/session`)).json();
  const account = page.getByRole('heading', { name: `Signed in as ${name}` });

  await page.goto(origin + path);
  const signUp = page.getByRole('form', { name: 'Sign up' });
  const verified = signUp.locator('[part=message]', { hasText: '+1 415 555 2671 is verified.' });
  const fillIn = async () => {
    await signUp.getByLabel('Name', { exact: true }).fill(name);
    await signUp.getByLabel('Password', { exact: true }).fill(password);
  };
  await fillIn();
  await signUp.locator('verify-contact:defined').waitFor();
  assert.equal(await signUp.evaluate(isValid), false, 'the form waits until a contact is verified');
  await refused(post('/sign-up', { name: 'mallory', password, proof: 'forged.by.hand' }), 'a made-up proof');

  await signUp.getByLabel('Phone number').fill('(415) 555-2671');
  await signUp.getByRole('button', { name: 'Send code' }).click();
  await signUp.getByLabel('Code', { exact: true }).fill(await codeTo(phone, 1));
  await signUp.getByRole('button', { name: 'Submit code' }).click();
  await signUp.getByText(`We will reach you at ${phone}.`).waitFor();
  const contactProof = await page.locator('verify-contact').evaluate(valueOf);
  if (path !== '/') {
    // What the library has kept is its default value on the new page, and the element takes it back.
    await page.reload();
    await verified.waitFor();
    assert.equal(await page.locator('verify-contact').evaluate(valueOf), contactProof);
    await fillIn();
  }
  await signUp.getByRole('button', { name: 'Create account' }).click();
  await account.waitFor();
  assert.deepEqual(await session(), { user: name, signedIn: true });

  await page.getByRole('button', { name: 'Sign out' }).click();
  const signIn = page.getByRole('form', { name: 'Sign in' });
  await signIn.getByLabel('Name', { exact: true }).fill(name);
  await signIn.getByLabel('Password', { exact: true }).fill(password);
  await signIn.getByRole('button', { name: 'Sign in' }).click();
  const second = page.getByRole('form', { name: 'Second factor' });
  await second.getByText('•••• 71').first().waitFor();
  assert.deepEqual(await session(), { user: name, signedIn: false }, 'the password alone opens nothing');
  await refused(post('/second-factor', { proof: contactProof ?? '' }), 'a contact proof as a second factor');
  await refused(post('/sign-up', { name: 'mallory', password, proof: contactProof ?? '' }), 'a proof used before');

  await second.getByLabel('Code', { exact: true }).fill(await codeTo(phone, 2));
  await second.getByRole('button', { name: 'Submit code' }).click();
  await account.waitFor();
  assert.deepEqual(await session(), { user: name, signedIn: true });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signUp.waitFor();
  if (path === '/') return;
  await verified.waitFor();
  await signUp.getByRole('button', { name: 'Start again' }).click();
  await signUp.getByLabel('Phone number').waitFor();
  assert.equal(await page.locator('verify-contact').evaluate(valueOf), null, 'the library empties the element');
}

/**
 * Signs in with the password, and lets a script of the page say that two-factor is done. The server must not believe it.
 * @param {Page} page
 * @param {string} origin
 */
export async function forgedEvents(page, origin) {
  await page.goto(origin);
  const signIn = page.getByRole('form', { name: 'Sign in' });
  await signIn.getByLabel('Name', { exact: true }).fill(name);
  await signIn.getByLabel('Password', { exact: true }).fill(password);
  await signIn.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('form', { name: 'Second factor' }).waitFor();
  const answer = page.waitForResponse((response) => response.url().endsWith('/second-factor'));
  await page.locator('two-factor').evaluate(async (element) => {
    // A form that waits for the element would hold the lie back in the page already; this one is meant to reach the server.
    element.removeAttribute('required');
    await /** @type {import('verify-contact').TwoFactorElement} */ (element).updateComplete;
    const lie = new Event('two-factor-verified', { bubbles: true, composed: true });
    element.dispatchEvent(Object.assign(lie, { proof: 'forged.by.script', channel: 'sms' }));
  });
  assert.ok((await answer).status() >= 400, 'a forged event is refused');
  const { signedIn } = await (await page.request.get(`${origin}/session`)).json();
  assert.equal(signedIn, false, 'a forged event opens nothing');
}

/** @param {Promise<APIResponse>} request @param {string} what */
async function refused(request, what) {
  const response = await request;
  assert.ok(response.status() >= 400 && response.status() < 500, `${what} is refused, not ${response.status()}`);
}

/** @param {Node} form */
const isValid = (form) => /** @type {HTMLFormElement} */ (form).checkValidity();

/** @param {Node} element */
const valueOf = (element) => /** @type {import('verify-contact').VerifyContactElement} */ (element).value;
