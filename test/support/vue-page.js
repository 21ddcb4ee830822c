/** A page in Vue, which a server renders and a browser hydrates. In a browser it mounts itself. */
import { createSSRApp, h, ref } from 'vue';
import { VerifyContact } from 'verify-contact/vue';

/** Makes the page, anew for each request. It says whose proof its model holds. */
export function createPage() {
  const proof = ref(/** @type {string | null} */ (null));
  const contact = ref('');
  const element = () =>
    h(VerifyContact, {
      name: 'proof',
      country: 'GB',
      required: true,
      modelValue: proof.value,
      'onUpdate:modelValue': (/** @type {string | null} */ value) => (proof.value = value),
      onContactVerified: (/** @type {import('verify-contact').ContactVerifiedEvent} */ event) => {
        contact.value = event.contact?.value ?? '';
      },
    });
  return createSSRApp({
    setup: () => () => [element(), h('output', `${contact.value} ${proof.value === null ? 'no proof' : 'a proof'}`)],
  });
}

if ('document' in globalThis) createPage().mount('#app');
