import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

/** Of one browser that was let in: another one is not. */
export type Session = Awaited<ReturnType<BrowserContext['storageState']>>;

export interface Looks {
  readonly language: 'en' | 'zh-Hans';
  readonly scheme: 'light' | 'dark';
  readonly size: { readonly width: number; readonly height: number };
}
export const DESKTOP: Looks = {
  language: 'en',
  scheme: 'light',
  size: { width: 1280, height: 800 },
};

export interface OpenedPage {
  readonly page: Page;
  /** What the browser complained about: errors, blocked content, requests to elsewhere. */
  readonly complaints: readonly string[];
}

/** Opens the console as its administrator's browser would. */
export async function openConsolePage(
  browser: Browser,
  url: string,
  { session, looks = DESKTOP }: { readonly session?: Session; readonly looks?: Looks } = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: looks.size,
    colorScheme: looks.scheme,
    locale: looks.language === 'en' ? 'en-GB' : 'zh-CN',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    permissions: ['camera'],
    ...(session === undefined ? {} : { storageState: session }),
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // What the console refuses has a status of its own, which Chromium reports as if it were a fault.
    const isRefusal = /status of (409|502)/.test(message.text());
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const { origin } = new URL(url);
  page.on('request', (request) => {
    const isOwn = request.url().startsWith(origin) || request.url().startsWith('blob:');
    if (!isOwn) complaints.push(`request to ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints };
}

/** Gives a picture to the dialog that is open, as the file chooser would. */
export const givePhoto = (page: Page, photo: Buffer): Promise<void> =>
  page
    .locator('dialog input[type=file]')
    .setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: photo });

export const dialogOf = (page: Page): Locator => page.locator('dialog[open]').last();

/** The element that has the focus. */
export const focused = (page: Page): Locator => page.locator(':focus');

/**
 * What a person could not use: something wider than the screen, a control without a name or too small to
 * hit, a text that is cut off or too pale, an id given twice. Runs in the page.
 */
export const FAULTS_OF_CONSOLE = `(() => {
  const faults = [];
  const seen = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const label = (node) => node.tagName.toLowerCase() + '.' + node.className + ' ' + node.textContent.trim().slice(0, 30);
  const modal = [...document.querySelectorAll('dialog[open]')].at(-1);
  const top = modal ?? document.body;
  for (const node of [document.documentElement, document.getElementById('content'), ...(modal ? [modal] : [])]) {
    if (node.scrollWidth > node.clientWidth + 1) faults.push('scrolls sideways: ' + label(node) + node.scrollWidth);
  }
  for (const node of top.querySelectorAll('button, a[href], input, select')) {
    if (!seen(node) || node.getAttribute('aria-hidden') === 'true' || node.matches('.skip:not(:focus)')) continue;
    const labels = [...(node.labels ?? [])].map((one) => one.textContent).join('');
    const name = node.getAttribute('aria-label') ?? (labels === '' ? node.tagName === 'SELECT' ? '' : node.textContent : labels);
    if (name.trim() === '') faults.push('without a name: ' + node.outerHTML.slice(0, 90));
    const { width, height } = node.getBoundingClientRect();
    if (width < 24 || height < 24) faults.push('too small to hit: ' + label(node));
    if (node.tagName === 'BUTTON' && node.scrollWidth > node.clientWidth + 1) faults.push('cut off: ' + label(node));
  }
  const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
  for (const id of new Set(ids)) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push('id twice: ' + id);

  const rgb = (text) => {
    const numbers = text.match(/[\\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    const [r, g, b, a = 1] = numbers;
    return text.startsWith('color(srgb') ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const behind = (node) => {
    const layers = [];
    for (let at = node; at !== null; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const node of top.querySelectorAll('*')) {
    const hasText = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim() !== '');
    if (!hasText || !seen(node) || node.closest('svg, :disabled, [aria-disabled=true], [aria-hidden=true]')) continue;
    const field = behind(node);
    const ink = over(rgb(getComputedStyle(node).color), field);
    const [high, low] = [light(ink), light(field)].sort((a, b) => b - a);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < 4.5) faults.push('too pale (' + contrast.toFixed(1) + '): ' + label(node));
  }
  return faults;
})()`;
