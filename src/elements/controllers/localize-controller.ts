/** Provides an element's sentences in the language of the page around it, and follows changes of `lang`. Knows no step. */
import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import english, { type MessageKey, type Messages, type Plural } from '../../locales/en.js';

/** The values of placeholders. `n` is written in the language's digits. `when` is in seconds from now. */
export interface Values {
  readonly to?: string;
  readonly n?: number;
  readonly when?: number;
}

/** An element with sentences, of which a page may replace any. */
export type LocalizedHost = ReactiveControllerHost & HTMLElement & { messages: Partial<Messages> | null };

const hour = 3600;

export class LocalizeController implements ReactiveController {
  readonly #host: LocalizedHost;
  #observer: MutationObserver | undefined;
  #loaded: Messages = english;
  /** The language of the sentences with the page's region, such as `en-GB` for `lang="en-GB"`. English if the page's language is not available. */
  lang = 'en';
  /** The page's `lang`, whether or not it is available. */
  pageLanguage = '';

  constructor(host: LocalizedHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer ??= new MutationObserver(() => this.#observeLanguage());
    this.#observeLanguage();
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
  }

  /** A sentence as plain text, for attributes, announcements and the browser's own messages. */
  text(key: MessageKey, values?: Values): string {
    return this.#fill(key, values, String).join('');
  }

  /** A sentence to render. A number or address in it is written left to right in any language. */
  template(key: MessageKey, values?: Values): readonly (string | TemplateResult)[] {
    return this.#fill(
      key,
      values,
      (to) => html`<bdi dir="ltr" part="destination">${to.replaceAll(' ', '\u00a0')}</bdi>`,
    );
  }

  /** Whether a problem has this name: its sentence is below `required`. A newer backend may answer with one that is unknown here, or that is named as another sentence. */
  hasProblem(key: string): key is MessageKey {
    const keys = Object.keys(english);
    return keys.indexOf(key) > keys.indexOf('required');
  }

  #fill<T>(key: MessageKey, { to = '', n = 0, when = 0 }: Values = {}, wrap: (to: string) => T): (string | T)[] {
    const { lang } = this;
    const sentence: string | Plural = this.#host.messages?.[key] ?? this.#loaded[key];
    const plain =
      typeof sentence === 'string' ? sentence : (sentence[new Intl.PluralRules(lang).select(n)] ?? sentence.other);
    return plain.split(/(\{\w+\})/).map((part) => {
      if (part === '{to}') return wrap(to);
      if (part === '{n}') return new Intl.NumberFormat(lang).format(n);
      return part === '{when}' ? this.#in(when) : part;
    });
  }

  /** "in 28 seconds", "in 24 hours (Sunday 2:30 PM)". Long waits are rounded up, so that nobody tries again too early. */
  #in(seconds: number): string {
    const times = new Intl.RelativeTimeFormat(this.lang);
    if (seconds < 90) return times.format(seconds, 'second');
    if (seconds < 1.5 * hour) return times.format(Math.ceil(seconds / 60), 'minute');
    const at = new Date(Date.now() + seconds * 1000 + 59_000);
    const time = at.toLocaleString(this.lang, { weekday: 'long', hour: 'numeric', minute: 'numeric' });
    return `${times.format(Math.ceil(seconds / hour), 'hour')} (${time})`;
  }

  /** Reads the nearest `lang`, also through shadow roots, and observes every element whose `lang` may change it. */
  #observeLanguage(): void {
    let lang = '';
    this.#observer!.disconnect();
    for (let node: Element | null = this.#host; node; node = above(node)) {
      this.#observer!.observe(node, { attributeFilter: ['lang'] });
      lang ||= node.getAttribute('lang') ?? '';
    }
    if (lang !== this.pageLanguage) void this.#loadLanguage(lang);
  }

  async #loadLanguage(lang: string): Promise<void> {
    this.pageLanguage = lang;
    // A page in English needs no other language, and not the list of them. If a language cannot load, the element stays
    // in English.
    const found = /^(en(-[A-Z]{2})?)?$/.test(lang)
      ? { lang, messages: english }
      : await import('../../locales/index.js').then(({ load }) => load(lang, this.#host.shadowRoot)).catch(() => null);
    if (lang !== this.pageLanguage) return;
    this.#loaded = found?.messages ?? english;
    this.lang = found?.lang || 'en';
    this.#host.requestUpdate();
  }
}

function above(node: Element): Element | null {
  return node.parentElement ?? (node.getRootNode() as Partial<ShadowRoot>).host ?? null;
}
