/** Marks the box of the digit that is typed next, and the boxes of selected digits. Part of the chunk that reduces what is typed. */
import { addInteractionStyles } from './interaction-styles.js';

const events = ['selectionchange', 'input', 'keyup', 'click', 'blur'];

// The field may have got the focus before this chunk loaded. Inside the root of a page's own component it is found with its first key.
follow(document.activeElement?.shadowRoot?.activeElement);
document.addEventListener('focusin', (event) => follow(event.composedPath()[0]));

function follow(node: EventTarget | null | undefined): void {
  if (node instanceof HTMLInputElement && node.closest('.code')) showCaret(node);
}

/** Follows the caret of the field. Adding the same listeners again does nothing. */
export function showCaret(input: HTMLInputElement): void {
  addInteractionStyles(input);
  for (const event of events) input.addEventListener(event, markBoxes);
  markBoxes({ target: input });
}

function markBoxes({ target }: Pick<Event, 'target'>): void {
  const input = target as HTMLInputElement;
  const boxes = [...input.parentElement!.querySelectorAll('span')];
  leaveBoxes(input, boxes);
  const isFocused = input.matches(':focus');
  const end = input.selectionEnd!;
  // A full field has no next digit.
  const start = Math.min(input.selectionStart!, boxes.length - 1);
  boxes.forEach((box, at) => {
    const isSelected = isFocused && at >= start && at < end;
    box.part.toggle('selected', isSelected && input.selectionStart! < end);
    box.part.toggle('active', isSelected || (isFocused && at === start));
  });
}

/**
 * Turns the boxes into one plain box where the digits would not stand in them, as with a person's own text spacing
 * (WCAG 1.4.12), which no style of ours can replace.
 */
function leaveBoxes(input: HTMLInputElement, [first, second]: HTMLElement[]): void {
  if (!first || !second || !first.offsetWidth) return;
  const { letterSpacing, paddingInlineStart } = getComputedStyle(input);
  const [one, next] = [first.getBoundingClientRect(), second.getBoundingClientRect()];
  const digit = one.width - 2 * parseFloat(paddingInlineStart);
  const drift = digit + parseFloat(letterSpacing) - (next.left - one.left);
  if (Math.abs(drift) > 1) input.closest('.code')!.className = 'box';
}
