/** The sign-in card: the password first, then `<two-factor>`, then the account. */
import { html, nothing } from 'lit';
import type { SessionView } from './session.js';

/** What the card can ask for. */
export interface SignInActions {
  signIn(fields: FormData): void;
  signOut(): void;
}

/** Name and password. */
export function passwordCard({ seeded }: SessionView, { signIn }: SignInActions, problem: string | null) {
  return html`
    <section class="card" aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">Sign in</h2>
      ${
        seeded
          ? html`<p class="hint">
              There is an account already: <b>${seeded.name}</b>, password <b>${seeded.password}</b>, with a verified
              phone and e-mail address.
            </p>`
          : html`<p class="hint">Nobody has an account yet in this run: sign up first.</p>`
      }
      <form
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          signIn(new FormData(event.target as HTMLFormElement));
        }}
      >
        <label
          >Name
          <input name="name" autocomplete="username" autocapitalize="none" required value=${seeded?.name ?? nothing}
        /></label>
        <label
          >Password
          <input
            name="password"
            type="password"
            autocomplete="current-password"
            required
            value=${seeded?.password ?? nothing}
        /></label>
        ${problem ? html`<p class="error" role="alert">${problem}</p>` : null}
        <button class="primary">Sign in</button>
      </form>
    </section>
  `;
}

/** The password was right; the second factor is owed. */
export function secondFactorCard({ user }: SessionView, { signOut }: SignInActions, problem: string | null) {
  return html`
    <section class="card" aria-labelledby="second-title">
      <h2 id="second-title">Sign in as ${user?.name}</h2>
      <two-factor></two-factor>
      ${problem ? html`<p class="error" role="alert">${problem}</p>` : null}
      <button type="button" class="plain" @click=${signOut}>Cancel</button>
    </section>
    <section class="note">
      <h2>What just happened</h2>
      <p>The password was right, so the server knows who is asking, and that this account owes a second factor.</p>
      <p>
        The element sent the code by itself, when it became visible. Neither it nor the request names a destination: the
        backend sends to what this user has verified before.
      </p>
    </section>
  `;
}

/** Signed in. What is not verified yet can be added, so that the next sign-in offers it. */
export function accountCard({ user }: SessionView, { signOut }: SignInActions) {
  const missing = user?.phone ? (user.email ? null : 'email') : 'phone';
  return html`
    <section class="card" aria-labelledby="account-title">
      <h2 id="account-title">Signed in as ${user?.name}</h2>
      <dl>
        <dt>Phone</dt>
        <dd>${user?.phone ? html`<bdi dir="ltr">${user.phone}</bdi>` : 'not verified'}</dd>
        <dt>E-mail</dt>
        <dd>${user?.email ?? 'not verified'}</dd>
      </dl>
      ${missing ? html`<verify-contact id=${`add-${missing}`} type=${missing} country="US"></verify-contact>` : nothing}
      <button type="button" class="plain" @click=${signOut}>Sign out</button>
    </section>
    <section class="note">
      <h2>What the server knows</h2>
      <p>
        Each code that was right made a signed proof. The server checked it before it opened this session; what the page
        said counted for nothing.
      </p>
      <p>Sign out and in again to be asked for the second factor.</p>
    </section>
  `;
}
