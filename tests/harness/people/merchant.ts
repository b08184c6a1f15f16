import type { Browser, Page } from 'playwright-core';
import type { Login } from '../founding.ts';
import { payOnPage } from './resident.ts';

/** A store's owner on a phone. */
export class Merchant {
  readonly page: Page;
  readonly #base: string;

  private constructor(page: Page, base: string) {
    this.page = page;
    this.#base = base;
  }

  static async signIn(browser: Browser, cloudUrl: string, login: Login): Promise<Merchant> {
    const context = await browser.newContext({
      locale: 'zh-CN',
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const page = await context.newPage();
    const base = `${cloudUrl}/merchant`;
    await page.goto(`${base}/?lang=zh`);
    await page.getByLabel('邮箱').fill(login.email);
    await page.getByLabel('密码').fill(login.password);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('heading', { name: '你好' }).waitFor();
    return new Merchant(page, base);
  }

  /** Uploads a video and watches until it stands for review. */
  async upload(file: string, title: string): Promise<void> {
    const { page } = this;
    await page.goto(`${this.#base}/clips`);
    await page.getByLabel('选择视频文件').setInputFiles(file);
    await page.getByLabel('给视频起个名字').fill(title);
    await page.getByLabel('广告类别').selectOption('food');
    await page.getByRole('button', { name: '开始上传' }).click();
    await page.getByText('审核中').first().waitFor({ timeout: 90_000 });
  }

  async seesApproved(): Promise<void> {
    await this.page.goto(`${this.#base}/clips`);
    await this.page.getByText('已通过').first().waitFor();
  }

  /** Makes a campaign of the approved clip and the running deal, books `touches` of one half-hour (`10:30`) and pays for them. */
  async bookAndPay(campaign: string, from: string, touches: number): Promise<void> {
    const { page } = this;
    await page.goto(`${this.#base}/book`);
    await page.getByLabel('投放名称').fill(campaign);
    await page.getByRole('button', { name: '建好，选时段' }).click();
    await page.getByRole('button', { name: new RegExp(`^${from}–`) }).click();
    await page.locator('input.touch-count').fill(String(touches));
    await page.getByRole('button', { name: /^保留并付款/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('link', { name: /^去付款/ })
      .click();
    await payOnPage(page);
    await page.getByText('订好了').first().waitFor({ timeout: 15_000 });
  }

  /** The text of the first campaign's results. */
  async readResults(campaignId: string): Promise<string> {
    const { page } = this;
    await page.goto(`${this.#base}/results/${campaignId}`);
    // Until the campaign's name is there, the page's own heading says so too.
    await page.getByRole('heading', { name: '投放效果' }).first().waitFor();
    await page.locator('.result-day').first().waitFor();
    for (const day of await page.locator('.result-day > summary').all()) await day.click();
    await page.locator('.exposure-card').first().waitFor();
    return page.locator('main').innerText();
  }

  /** Which hops of the newest trace are lit. */
  async readTrace(campaignId: string): Promise<string[]> {
    const { page } = this;
    await page.goto(`${this.#base}/results/${campaignId}`);
    const trace = page.locator('article.trace').first();
    await trace.waitFor();
    return trace.locator('li.is-reached .trace-name').allInnerTexts();
  }

  /** Types a pick-up code at the counter; resolves with the headline of the answer. */
  async verify(code: string): Promise<string> {
    const { page } = this;
    await page.goto(`${this.#base}/verify`);
    await page.getByRole('heading', { name: '核销' }).waitFor();
    for (const digit of code) await page.getByRole('button', { name: digit, exact: true }).click();
    const answer = page.locator('.verify-answer h2');
    await answer.waitFor();
    return answer.innerText();
  }
}
