import type { Browser, Page } from 'playwright-core';
import type { Login } from '../founding.ts';

/** The property manager at the desk, by what stands on the page. */
export class PropertyManager {
  readonly page: Page;
  readonly #base: string;

  private constructor(page: Page, base: string) {
    this.page = page;
    this.#base = base;
  }

  static async signIn(browser: Browser, cloudUrl: string, login: Login): Promise<PropertyManager> {
    const page = await browser.newPage({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
    const base = `${cloudUrl}/property`;
    await page.goto(`${base}/?lang=zh`);
    await page.getByLabel('邮箱').fill(login.email);
    await page.getByLabel('密码').fill(login.password);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('heading', { name: '门口终端' }).first().waitFor();
    return new PropertyManager(page, base);
  }

  /** Waits until the first terminal's card says that all is well. */
  async seesTerminalOnline(): Promise<void> {
    await this.page.getByText('一切正常').first().waitFor();
  }

  /** Sets opening time and quiet hours, and waits until the page says that the terminal works by them. */
  async changeSettings(terminal: string, settings: { seconds: number; quiet: [string, string] }): Promise<void> {
    const { page } = this;
    await page.goto(`${this.#base}/terminals/${terminal}`);
    await page.getByLabel('开门时长（秒）').fill(String(settings.seconds));
    await page.getByLabel('静音开始').fill(settings.quiet[0]);
    await page.getByLabel('静音结束').fill(settings.quiet[1]);
    await page.getByRole('button', { name: '保存并下发' }).click();
    await page.getByRole('button', { name: '没有改动' }).waitFor();
    await page.getByText('终端已生效').waitFor();
  }

  /** Issues a code for two hours and reads it off the page once the doors know it. */
  async issueVisitorCode(label: string): Promise<string> {
    const { page } = this;
    await page.goto(`${this.#base}/passes`);
    await page.getByRole('button', { name: '发访客码' }).first().click();
    await page.getByLabel('给谁用').fill(label);
    await page.getByText('2 小时', { exact: true }).click();
    await page.getByRole('button', { name: '生成' }).click();
    await page.getByText('已送达，可以使用').waitFor();
    const shown = await page.locator('.pass-code').innerText();
    await page.getByRole('button', { name: '我已告诉访客' }).click();
    return shown.replace(/\D/g, '');
  }

  /** The rows of the access log as they are read, newest first. */
  async readAccessLog(): Promise<string[]> {
    const { page } = this;
    await page.goto(`${this.#base}/access-log`);
    await page.getByRole('heading', { name: '通行记录' }).first().waitFor();
    await page.locator('.access-row').first().waitFor();
    return page.locator('.access-row').allInnerTexts();
  }
}
