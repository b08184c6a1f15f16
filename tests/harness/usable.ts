import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** For whoever wants to look: a folder for pictures of each page. */
const pictures = process.env['GATECAST_TEST_PICTURES'];
const timeout = 30_000;

/** A phone and a desk. */
export const phoneAndDesk = [
  { width: 390, height: 844 },
  { width: 1_280, height: 800 },
] as const satisfies readonly Size[];

/** Nothing grave for those who use a keyboard or a screen reader, and nothing wider than the screen, at each of these sizes. */
export async function expectUsable(page: Page, name: string, sizes: readonly Size[] = phoneAndDesk): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    await picture(page, `${name}-${size.width}`);
    // A fault that goes by itself is a colour that was still fading in.
    await expect.poll(() => graveFaults(page), { message: `${name} at ${size.width}`, timeout }).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, `${name} is not wider than ${size.width}`).toBeLessThanOrEqual(0);
  }
}

/** Keeps a picture, if somebody asked for pictures. */
export async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

async function graveFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    return (await inPage.run()).violations;
  });
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
