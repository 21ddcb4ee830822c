/** The sign-up card: a form of the page's own with `<verify-contact>` as one of its fields. */
import { html } from 'lit';

/** `submit` gets the form's fields, the proof among them. */
export function signUpCard(submit: (fields: FormData) => void, problem: string | null) {
  return html`
    <section class="card" aria-labelledby="sign-up-title">
      <h2 id="sign-up-title">Sign up</h2>
      <form
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          submit(new FormData(event.target as HTMLFormElement));
        }}
      >
        <label>Name <input name="name" autocomplete="username" autocapitalize="none" required /></label>
        <label
          >Password <input name="password" type="password" autocomplete="new-password" minlength="8" required
        /></label>
        <verify-contact name="proof" type="phone email" country="US" required></verify-contact>
        ${problem ? html`<p class="error" role="alert">${problem}</p>` : null}
        <button class="primary">Create account</button>
      </form>
    </section>
  `;
}
