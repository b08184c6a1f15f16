import type { Browser, Page } from 'playwright-core';
import type { Login } from '../founding.ts';

/** The operator, who runs it all and looks at every clip before it goes to a screen. */
export class Operator {
  readonly page: Page;
  readonly #base: string;

  private constructor(page: Page, base: string) {
    this.page = page;
    this.#base = base;
  }

  static async signIn(browser: Browser, cloudUrl: string, login: Login): Promise<Operator> {
    const page = await browser.newPage({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
    const base = `${cloudUrl}/operator`;
    await page.goto(`${base}/`);
    await page.getByLabel('邮箱').fill(login.email);
    await page.getByLabel('密码').fill(login.password);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('heading', { name: '全部终端' }).first().waitFor();
    return new Operator(page, base);
  }

  /** Lets a clip through in the review queue. */
  async approve(title: string): Promise<void> {
    const { page } = this;
    await page.goto(`${this.#base}/review`);
    await page.getByRole('button', { name: `通过 ${title}` }).click();
    await page.getByText(`「${title}」已通过`).waitFor();
  }
}
