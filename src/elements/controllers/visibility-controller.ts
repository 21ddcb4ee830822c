/** Whether an element has been seen: in a closed dialog, a hidden tab or a prerendered page nobody has. No timers. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class FirstVisibleController implements ReactiveController {
  readonly #element: ReactiveControllerHost & Element;
  readonly #noticed: () => void;
  #observer: IntersectionObserver | undefined;
  #shows = false;
  #seen = false;

  /** Calls `noticed` once, when `seen` has become true. */
  constructor(element: ReactiveControllerHost & Element, onVisible: () => void) {
    this.#element = element;
    this.#noticed = onVisible;
    element.addController(this);
  }

  get hasBeenVisible(): boolean {
    return this.#seen;
  }

  hostConnected(): void {
    if (this.#seen) return;
    this.#observer = new IntersectionObserver((entries) => {
      this.#shows = entries.at(-1)!.isIntersecting;
      this.#look();
    });
    this.#observer.observe(this.#element);
    // Also `hidden` while a page is prerendered (https://wicg.github.io/nav-speculation/prerendering.html).
    document.addEventListener('visibilitychange', this.#look);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    document.removeEventListener('visibilitychange', this.#look);
  }

  readonly #look = () => {
    if (!this.#shows || document.visibilityState === 'hidden') return;
    this.hostDisconnected();
    this.#seen = true;
    this.#noticed();
  };
}
