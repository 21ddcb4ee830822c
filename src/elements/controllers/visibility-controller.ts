/** Notices when a person can first see an element: not in a closed dialog, a hidden tab or a prerendered page. No timers. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class FirstVisibleController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #onVisible: () => void;
  #observer: IntersectionObserver | undefined;
  #intersects = false;
  #hasBeenVisible = false;

  /** Calls `onVisible` once, when the element is first visible. */
  constructor(host: ReactiveControllerHost & Element, onVisible: () => void) {
    this.#host = host;
    this.#onVisible = onVisible;
    host.addController(this);
  }

  get hasBeenVisible(): boolean {
    return this.#hasBeenVisible;
  }

  hostConnected(): void {
    if (this.#hasBeenVisible) return;
    this.#observer = new IntersectionObserver((entries) => {
      this.#intersects = entries.at(-1)!.isIntersecting;
      this.#check();
    });
    this.#observer.observe(this.#host);
    // A page is also `hidden` while it is prerendered (https://wicg.github.io/nav-speculation/prerendering.html).
    document.addEventListener('visibilitychange', this.#check);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    document.removeEventListener('visibilitychange', this.#check);
  }

  readonly #check = () => {
    if (!this.#intersects || document.visibilityState === 'hidden') return;
    this.hostDisconnected();
    this.#hasBeenVisible = true;
    this.#onVisible();
  };
}
