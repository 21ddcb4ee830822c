/** The sign-in card: the password first, then `<two-factor>`, then the account. */
import { html, nothing, type TemplateResult } from 'lit';
import type { SessionView } from './host.js';

/** What the card's buttons do. */
export interface SignInActions {
  signIn(fields: FormData): void;
  signOut(): void;
}

/** The card for name and password. */
export function passwordCard(
  { seeded }: SessionView,
  { signIn }: SignInActions,
  problem: string | null,
): TemplateResult {
  return html`
    <section class="card" aria-labelledby="sign-in-title">
      <h3 id="sign-in-title" tabindex="-1">Sign in</h3>
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
        ${problem ? html`<p class="error" role="alert">${problem}</p>` : nothing}
        <button class="button primary">Sign in</button>
      </form>
      ${
        seeded
          ? html`<p class="small quiet">Ada’s account is filled in; her phone and e-mail were verified before.</p>`
          : html`<p class="small quiet">
              Nobody has an account yet in this run: <a href="#form">create one first</a>, then sign out.
            </p>`
      }
    </section>
  `;
}

/** The card after the right password, for the second factor. `takesFocus`: the password was just entered here. */
export function secondFactorCard(
  { user }: SessionView,
  { signOut }: SignInActions,
  problem: string | null,
  takesFocus: boolean,
): TemplateResult {
  return html`
    <section class="card" aria-labelledby="second-title">
      <h3 id="second-title">Sign in as ${user?.name}</h3>
      <two-factor auto-submit ?autofocus=${takesFocus}></two-factor>
      ${problem ? html`<p class="error" role="alert">${problem}</p>` : nothing}
      <button type="button" class="button" @click=${signOut}>Cancel</button>
    </section>
  `;
}

/** The card of a signed-in user, who can verify a missing contact for the next sign-in. */
export function accountCard({ user }: SessionView, { signOut }: SignInActions): TemplateResult {
  const missing = user?.phone ? (user.email ? null : 'email') : 'phone';
  return html`
    <section class="card" aria-labelledby="account-title">
      <h3 id="account-title" tabindex="-1">Signed in as ${user?.name}</h3>
      <p class="quiet">
        The server opened this session when it had checked the proof. The page’s word counted for nothing.
      </p>
      <dl class="account">
        <dt>Phone</dt>
        <dd>${user?.phone ? html`<bdi dir="ltr">${user.phone}</bdi>` : 'not verified'}</dd>
        <dt>E-mail</dt>
        <dd>${user?.email ?? 'not verified'}</dd>
      </dl>
      ${
        missing
          ? html`<verify-contact id=${`add-${missing}`} type=${missing} country="US" auto-submit></verify-contact>`
          : nothing
      }
      <button type="button" class="button" @click=${signOut}>Sign out</button>
    </section>
  `;
}
