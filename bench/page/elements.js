/** The elements that ours is measured beside, with the same parts in view: a label, a list, a field and a button. They do nothing. */
import { html, LitElement } from 'lit';

const codes = Array.from({ length: 240 }, (_, i) => `Country ${i} +${i}`);

class BareLit extends LitElement {
  static properties = { disabled: { type: Boolean } };

  list = codes.slice(0, 1);

  render() {
    return html`<form>
      <label for="input">Phone number</label>
      <select ?disabled=${this.disabled}>
        ${this.list.map((name) => html`<option value=${name}>${name}</option>`)}
      </select>
      <input id="input" type="tel" ?disabled=${this.disabled} />
      <p>We send a code to it.</p>
      <button ?disabled=${this.disabled}>Send code</button>
    </form>`;
  }
}

class ListLit extends BareLit {
  list = codes;
}

class Vanilla extends HTMLElement {
  static observedAttributes = ['disabled'];

  connectedCallback() {
    if (this.shadowRoot) return;
    this.attachShadow({ mode: 'open' }).innerHTML =
      '<form><label for="input">Phone number</label><select><option>Country 0 +0</option></select><input id="input" type="tel"><p>We send a code to it.</p><button>Send code</button></form>';
  }

  attributeChangedCallback() {
    const disabled = this.hasAttribute('disabled');
    for (const one of this.shadowRoot?.querySelectorAll('select, input, button') ?? [])
      /** @type {any} */ (one).disabled = disabled;
  }
}

customElements.define('bare-lit', BareLit);
customElements.define('list-lit', ListLit);
customElements.define('bare-vanilla', Vanilla);
