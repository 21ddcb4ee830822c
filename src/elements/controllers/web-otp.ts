/** WebOTP: the browser offers the code of a text message that ends in `@domain #code` (https://wicg.github.io/web-otp/). Loaded only where there is such a browser. */

declare global {
  interface CredentialRequestOptions {
    otp?: { transport: string[] };
  }
}

/** Fills the field with the code of the next such message, if the person agrees before `signal` aborts. */
export async function receiveCode(signal: AbortSignal, field: () => HTMLInputElement | null): Promise<void> {
  const options = { otp: { transport: ['sms'] }, signal };
  const found: (Credential & { code?: string }) | null = await navigator.credentials.get(options).catch(() => null);
  const input = field();
  if (!found?.code || !input) return;
  input.value = found.code;
  // As autofill does, so that the field reduces it to the code and `auto-submit` sees it.
  input.dispatchEvent(new InputEvent('input', { inputType: 'insertReplacementText' }));
}
