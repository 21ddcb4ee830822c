/** A block of code with a button that copies it. */
import { html, type TemplateResult } from 'lit';

/** The button says “Copied” until the pointer or the focus leaves it. */
export function codeBlock(title: string, code: string): TemplateResult {
  const copy = async ({ currentTarget }: Event) => {
    const button = currentTarget as HTMLButtonElement;
    await navigator.clipboard.writeText(code);
    button.textContent = 'Copied';
  };
  const restoreLabel = ({ currentTarget }: Event) => ((currentTarget as HTMLButtonElement).textContent = 'Copy');
  return html`
    <figure class="code">
      <figcaption>
        <span>${title}</span>
        <button
          type="button"
          aria-label=${`Copy ${title}`}
          @click=${copy}
          @pointerleave=${restoreLabel}
          @blur=${restoreLabel}
        >
          Copy
        </button>
      </figcaption>
      <pre tabindex="0" aria-label=${title}><code>${code}</code></pre>
    </figure>
  `;
}
