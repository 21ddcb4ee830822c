/** The script of the plain page: it asks the server who is signed in, and listens to the elements. */
const { user, signedIn } = await (await fetch('/session')).json();
const state = signedIn ? 'signed-in' : user ? 'password' : 'nobody';
for (const form of document.forms) form.hidden = form.dataset.for !== state;
document.querySelector('#user').textContent = user;

document.querySelector('verify-contact').addEventListener('contact-verified', ({ contact }) => {
  document.querySelector('output').textContent = `We will reach you at ${contact.value}.`;
});

// The event only says when to act. The form takes the proof to the server, which decides.
document
  .querySelector('two-factor')
  .addEventListener('two-factor-verified', ({ target }) => target.form.requestSubmit());
