/** The sentences of one element, in the language of the page around it, as that changes. Knows no step. */
import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import english, { type MessageKey, type Messages, type Plural } from '../../locales/en.js';

/** What stands in a placeholder. `n` is written in the language's digits, `when` is seconds from now. */
export interface Values {
  readonly to?: string;
  readonly n?: number;
  readonly when?: number;
}

/** An element that has words: a page may replace any of them. */
export type LocalizedHost = ReactiveControllerHost & HTMLElement & { messages: Partial<Messages> | null };

const hour = 3600;

export class LocalizeController implements ReactiveController {
  readonly #speaker: LocalizedHost;
  #observer: MutationObserver | undefined;
  #loaded: Messages = english;
  /** The language that the sentences are in, with the page's region: `en-GB`, where `lang="en-GB"`; English where there is no other. */
  lang = 'en';
  /** The page's own language, as it says, whether or not there are sentences in it. */
  pageLanguage = '';

  constructor(speaker: LocalizedHost) {
    this.#speaker = speaker;
    speaker.addController(this);
  }

  hostConnected(): void {
    this.#observer ??= new MutationObserver(() => this.#observeLanguage());
    this.#observeLanguage();
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
  }

  /** A sentence as plain text: for attributes, announcements and the browser's own messages. */
  text(key: MessageKey, values?: Values): string {
    return this.#fill(key, values, String).join('');
  }

  /** A sentence to render. A number or address in it runs left to right in any language. */
  template(key: MessageKey, values?: Values): readonly (string | TemplateResult)[] {
    return this.#fill(key, values, (to) => html`<bdi dir="ltr">${to}</bdi>`);
  }

  /** Whether there is a sentence of this name, since a newer backend may answer with a problem not known here. */
  has(key: string): key is MessageKey {
    return key in english;
  }

  #fill<T>(key: MessageKey, { to = '', n = 0, when = 0 }: Values = {}, wrap: (to: string) => T): (string | T)[] {
    const { lang } = this;
    const sentence: string | Plural = this.#speaker.messages?.[key] ?? this.#loaded[key];
    const plain =
      typeof sentence === 'string' ? sentence : (sentence[new Intl.PluralRules(lang).select(n)] ?? sentence.other);
    return plain.split(/(\{\w+\})/).map((part) => {
      if (part === '{to}') return wrap(to);
      if (part === '{n}') return new Intl.NumberFormat(lang).format(n);
      return part === '{when}' ? this.#in(when) : part;
    });
  }

  /** "in 28 seconds". Long waits are rounded up to minutes and hours, so that nobody comes back too early. */
  #in(seconds: number): string {
    const times = new Intl.RelativeTimeFormat(this.lang);
    if (seconds < 90) return times.format(seconds, 'second');
    const [size, unit] = seconds < 1.5 * hour ? ([60, 'minute'] as const) : ([hour, 'hour'] as const);
    return times.format(Math.ceil(seconds / size), unit);
  }

  /** Takes the nearest `lang`, through shadow roots as well, and watches every place from where it may change. */
  #observeLanguage(): void {
    let lang = '';
    this.#observer!.disconnect();
    for (let node: Element | null = this.#speaker; node; node = above(node)) {
      this.#observer!.observe(node, { attributeFilter: ['lang'] });
      lang ||= node.getAttribute('lang') ?? '';
    }
    if (lang !== this.pageLanguage) void this.#loadLanguage(lang);
  }

  async #loadLanguage(lang: string): Promise<void> {
    this.pageLanguage = lang;
    // A page in English needs neither another language nor the list of them. What cannot load leaves the element in
    // English: it must not leave it without words.
    const found = /^(en(-[A-Z]{2})?)?$/.test(lang)
      ? { lang, messages: english }
      : await import('../../locales/index.js').then(({ load }) => load(lang)).catch(() => null);
    if (lang !== this.pageLanguage) return;
    this.#loaded = found?.messages ?? english;
    this.lang = found?.lang || 'en';
    this.#speaker.requestUpdate();
  }
}

function above(node: Element): Element | null {
  return node.parentElement ?? (node.getRootNode() as Partial<ShadowRoot>).host ?? null;
}
