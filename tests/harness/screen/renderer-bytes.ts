import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';

/** Memory of the processes that draw pages and of the one that decodes beside them, what they share counted once: `Pss` of smaps_rollup (proc(5)). */
export async function rendererBytes(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const drawing = processInfo.filter(({ type }) => type === 'renderer' || type === 'GPU');
    return drawing.reduce((sum, { id }) => sum + residentBytes(id), 0);
  } finally {
    await session.detach();
  }
}

function residentBytes(pid: number): number {
  try {
    const kb = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kb) * 1_024;
  } catch (error) {
    // It has gone since it was listed.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}
