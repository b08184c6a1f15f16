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

  /** Lets the clip through that waits longest in the review queue, every point of its checklist ticked. */
  async approve(title: string): Promise<void> {
    const { page } = this;
    await page.goto(`${this.#base}/review`);
    const desk = page.getByRole('article', { name: title });
    await desk.waitFor();
    for (const point of await desk.getByRole('checkbox').all()) await point.check();
    await desk.getByRole('button', { name: '通过', exact: true }).click();
    await page.getByText(`「${title}」已通过`).waitFor();
  }
}
