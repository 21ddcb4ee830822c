/** Waits for the end of a press, since what appears during it would move a button away from under the pointer. Loaded with a field. */

let isPressed = false;
let waiting: (() => void)[] = [];

// A touch sends `pointerup` before it moves the focus, and `mouseup` after it. A scroll or a drag ends with `pointercancel`.
addEventListener('pointerdown', () => (isPressed = true), true);
for (const type of ['mouseup', 'pointercancel', 'keydown']) addEventListener(type, release, true);

function release(): void {
  isPressed = false;
  const callbacks = waiting;
  waiting = [];
  for (const callback of callbacks) callback();
}

/** Calls back at once, or when the mouse button or the finger that is down is up again. */
export function afterPress(callback: () => void): void {
  if (isPressed) waiting.push(callback);
  else callback();
}
