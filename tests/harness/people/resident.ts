import type { Browser, Page } from 'playwright-core';
import { waitUntil } from '../wait-until.ts';
import { newestCode } from '../texted-code.ts';

/** A resident with a phone in hand. */
export class Resident {
  readonly page: Page;
  readonly #phone: string;
  readonly #sandboxUrl: string;

  private constructor(page: Page, phone: string, sandboxUrl: string) {
    this.page = page;
    this.#phone = phone;
    this.#sandboxUrl = sandboxUrl;
  }

  static async withPhone(browser: Browser, phone: string, sandboxUrl: string): Promise<Resident> {
    const context = await browser.newContext({
      locale: 'zh-CN',
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    return new Resident(await context.newPage(), phone, sandboxUrl);
  }

  /** Follows a scanned link to the deal. */
  async scan(link: string): Promise<void> {
    await this.page.goto(`${link}?lang=zh`);
    await this.page.getByRole('button', { name: /^(开团|参团) / }).waitFor();
  }

  /** Orders one, signing in with a texted code on the way, and pays in the sandbox. Ends on the order's page. */
  async orderAndPay(): Promise<void> {
    const { page } = this;
    await page.getByRole('button', { name: /^(开团|参团) / }).click();
    await page.getByLabel('手机号', { exact: true }).fill(this.#phone);
    await page.getByRole('button', { name: '获取验证码' }).click();
    const code = await waitUntil('the texted code', () => newestCode(this.#sandboxUrl, this.#phone));
    await page.getByLabel('短信验证码').fill(code);
    await page.getByRole('button', { name: '登录并继续' }).click();
    await payOnPage(page);
    await page.waitForURL(/\/h5\/orders\//);
  }

  /** Reads the eight digits that open the counter. */
  async pickupCode(): Promise<string> {
    await this.page.getByText('人齐了，去取货吧').waitFor({ timeout: 15_000 });
    const text = await this.page.locator('.pickup-digits [aria-hidden=true]').allInnerTexts();
    return text.join('').replace(/\D/g, '').slice(0, 8);
  }
}

/** Presses the button of the sandbox's payment page. */
export async function payOnPage(page: Page): Promise<void> {
  await page.waitForURL(/\/pay\//);
  await page.getByRole('button', { name: /支付/ }).first().click();
}
