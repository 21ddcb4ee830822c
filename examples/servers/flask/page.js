/** The script of the page: it gives the second factor the bearer JWT of its own server, and listens to the elements. */
document.querySelector('verify-contact')?.addEventListener('contact-verified', ({ contact }) => {
  document.querySelector('output').textContent = `We will reach you at ${contact.value}.`;
});

const twoFactor = document.querySelector('two-factor');
if (twoFactor) {
  twoFactor.getToken = async () => (await fetch('/token')).text();
  // The event only says when to act. The form takes the proof to the server, which decides.
  twoFactor.addEventListener('two-factor-verified', ({ target }) => target.form.requestSubmit());
}
