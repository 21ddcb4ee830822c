/** The list of events that the two elements fire, newest first. It only watches. */
import { html, render } from 'lit';

/** Every event of the two elements; none of them holds a code. */
const names = [
  'code-sent',
  'contact-verified',
  'two-factor-verified',
  'two-factor-not-required',
  'step-change',
  'problem',
] as const;

interface Line {
  at: Date;
  tag: string;
  name: string;
  fields: string;
}

/** Starts listening on the document, and draws into `root`. */
export function startLog(root: HTMLElement): void {
  const lines: Line[] = [];
  const draw = () => render(view(lines), root);
  for (const name of names) {
    document.addEventListener(name, (event) => {
      const tag = event.target instanceof Element ? event.target.localName : '';
      lines.unshift({ at: new Date(), tag, name, fields: fieldsOf(event) });
      lines.length = Math.min(lines.length, 100);
      draw();
    });
  }
  draw();
}

function view(lines: readonly Line[]) {
  return html`
    <h2 id="log-title">Events</h2>
    ${lines.length === 0 ? html`<p class="quiet">What the elements tell their page appears here.</p>` : null}
    <ol class="lines">
      ${lines.map(
        ({ at, tag, name, fields }) => html`
          <li>
            <time datetime=${at.toISOString()}>${at.toLocaleTimeString('en-GB')}</time>
            <span><b>${name}</b> <span class="tag">${tag}</span> <code>${fields}</code></span>
          </li>
        `,
      )}
    </ol>
  `;
}

/** The event's own fields as JSON, long tokens cut short. */
function fieldsOf(event: Event): string {
  const own = Object.entries(event).filter(([name]) => name !== 'isTrusted');
  const text = JSON.stringify(Object.fromEntries(own), (_, value: unknown) =>
    typeof value === 'string' && value.length > 40 ? `${value.slice(0, 16)}…` : value,
  );
  return text === '{}' ? '' : text;
}
