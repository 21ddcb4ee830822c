/** A button to copy each block of code. A page without scripts has none, and its text is complete. */

/** Adds them to every `.snippet` on the page. */
export function addCopyButtons(): void {
  for (const snippet of document.querySelectorAll<HTMLElement>('.snippet')) {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Copy' });
    button.className = 'copy';
    // “Copied” is read out as well.
    button.setAttribute('aria-live', 'polite');
    button.addEventListener('click', () => void copy(snippet, button));
    for (const left of ['pointerleave', 'blur']) button.addEventListener(left, () => (button.textContent = 'Copy'));
    snippet.append(button);
  }
}

async function copy(snippet: HTMLElement, button: HTMLElement): Promise<void> {
  const code = snippet.querySelector('code')!;
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
  } catch {
    // A page without HTTPS, or a browser that was told not to: the person's own key copies what is selected.
    getSelection()?.selectAllChildren(code);
    button.textContent = 'Selected';
  }
}
