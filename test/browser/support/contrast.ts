/** The contrast of what is drawn: computed colors, composed over the backgrounds behind them, by the formula of WCAG 2.2. */

type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;

/** Any CSS color, as the browser itself paints it. */
function paint(color: string): Rgba {
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}

function over([red, green, blue, alpha]: Rgba, below: Rgba): Rgba {
  const mix = (one: number, other: number) => one * alpha + other * (1 - alpha);
  return [mix(red, below[0]), mix(green, below[1]), mix(blue, below[2]), 1];
}

/** The opaque color of the page behind an element, with its own background if it counts. */
export function backgroundOf(element: Element, own = true): Rgba {
  const layers: Rgba[] = [];
  for (let node: Element | null = own ? element : above(element); node; node = above(node))
    layers.push(paint(getComputedStyle(node).backgroundColor));
  const canvas = document.documentElement.appendChild(document.createElement('i'));
  canvas.style.background = 'Canvas';
  layers.push(paint(getComputedStyle(canvas).backgroundColor));
  canvas.remove();
  return layers.reduceRight((below, layer) => over(layer, below));
}

function above(node: Element): Element | null {
  return node.assignedSlot ?? node.parentElement ?? (node.getRootNode() as Partial<ShadowRoot>).host ?? null;
}

function luminance([red, green, blue]: Rgba): number {
  const linear = (value: number) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** From 1 to 21. */
export function contrast(color: string, background: Rgba): number {
  const [one, other] = [luminance(over(paint(color), background)), luminance(background)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** The contrast of an element's text to what is behind it. */
export function textContrast(element: Element): number {
  return contrast(getComputedStyle(element).webkitTextFillColor, backgroundOf(element));
}
