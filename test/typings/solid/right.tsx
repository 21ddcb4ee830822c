/** Both elements in Solid as they are meant. */
import 'verify-contact/define';
import type {} from 'verify-contact/solid';

export const page = (
  <form>
    <h1 class="title">Sign up</h1>
    <verify-contact
      name="proof"
      type="phone email"
      country="DE"
      required
      auto-submit
      class="wide"
      messages={{ 'send-code': 'Text me' }}
      on:contact-verified={(event) => event.contact?.value.toUpperCase()}
      on:problem={({ problem }) => problem.code.length}
      ref={(element) => void element?.start()}
    >
      <p slot="consent">Rates may apply.</p>
    </verify-contact>
    <two-factor endpoint="/verify" token={null} on:two-factor-verified={(event) => event.proof.length} />
  </form>
);
