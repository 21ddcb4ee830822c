/** Says on the console that two elements of a page save under one key, so that each restores what was typed into the other. */
import type { FormControlController } from '../controllers/form-control-controller.js';

type OurElement = Element & { readonly control: Pick<FormControlController, 'options'> };

let hasReported = false;

/** Speaks once. The field of an element calls it when a person sees or uses it. */
export function reportSharedKey(field: ParentNode & Node): void {
  const root = field.getRootNode() as ShadowRoot;
  const element = root.host as OurElement;
  if (hasReported) return;
  const keyOf = ({ control }: OurElement) => control.options().storageKey;
  const others = (element.getRootNode() as ParentNode).querySelectorAll<OurElement>(element.localName);
  if (![...others].some((other) => other !== element && keyOf(other) === keyOf(element))) return;
  hasReported = true;
  // eslint-disable-next-line no-console -- only the page's developer can fix this
  console.warn(
    `verify-contact: two <${element.localName}> keep what is typed in one place. Give each a "name" or an "id".`,
  );
}
