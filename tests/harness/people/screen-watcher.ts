import jsqr from 'jsqr';
import type { Browser, Page } from 'playwright-core';

/** Somebody who looks at the screen at the door, with a phone to scan. */
export class ScreenWatcher {
  readonly page: Page;
  readonly #browser: Browser;

  private constructor(page: Page, browser: Browser) {
    this.page = page;
    this.#browser = browser;
  }

  static async at(browser: Browser, screenUrl: string): Promise<ScreenWatcher> {
    const page = await browser.newPage({ locale: 'zh-CN', viewport: { width: 720, height: 1280 } });
    await page.goto(screenUrl);
    const watcher = new ScreenWatcher(page, browser);
    await watcher.sees(':not([data-state=starting])[data-occasion=ambient]');
    return watcher;
  }

  /** Waits until the page's root element fits a selector of its attributes, for instance `[data-occasion=touch]`. */
  async sees(attributes: string, timeout = 20_000): Promise<void> {
    await this.page.locator(`html${attributes}`).waitFor({ state: 'attached', timeout });
  }

  /** SHA-256 of the clip that an opening has brought to the screen, once its first frame was presented. */
  async clipOfOpening(): Promise<string> {
    await this.sees('[data-occasion=touch][data-first-frame-ms]:not([data-first-frame-ms=""])');
    return this.attribute('clip');
  }

  async attribute(name: string): Promise<string> {
    return (await this.page.locator('html').getAttribute(`data-${name}`)) ?? '';
  }

  /** True if the video that plays makes no sound. */
  isSilent(): Promise<boolean> {
    return this.page.evaluate(
      '[...document.querySelectorAll("video")].every((v) => v.paused || v.muted || v.volume === 0)',
    );
  }

  /** Waits until the screen is back to what plays when nobody is there. */
  async isIdle(): Promise<void> {
    await this.sees(':not([data-occasion=touch])', 40_000);
  }

  /** Photographs the screen and reads the QR code on the picture. */
  async scan(): Promise<string | undefined> {
    const picture = (await this.page.screenshot()).toString('base64');
    const reader = await this.#browser.newPage();
    const { data, width, height } = await reader.evaluate(async (base64) => {
      const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext('2d');
      context?.drawImage(image, 0, 0);
      const pixels = context?.getImageData(0, 0, image.width, image.height);
      return { data: [...(pixels?.data ?? [])], width: image.width, height: image.height };
    }, picture);
    await reader.close();
    return jsqr.default(Uint8ClampedArray.from(data), width, height)?.data;
  }
}
