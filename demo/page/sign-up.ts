/** A sign-up form that waits for `<verify-contact>`, which stands between the page's own fields. View only. */
import { html, nothing, type TemplateResult } from 'lit';

/** `submit` receives the form's fields, including the proof. */
export function signUpCard(
  submit: (fields: FormData) => void,
  problem: string | null,
  isDone: boolean,
): TemplateResult {
  return html`
    <section class="card" aria-labelledby="sign-up-title">
      <h3 id="sign-up-title">Create an account</h3>
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
        <verify-contact
          name="proof"
          type="phone email"
          country="US"
          endpoint="/sign-up/verify"
          required
          auto-submit
        ></verify-contact>
        ${problem ? html`<p class="error" role="alert">${problem}</p>` : nothing}
        <button class="button primary" ?disabled=${isDone}>Create account</button>
      </form>
    </section>
  `;
}
