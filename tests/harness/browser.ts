import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

interface Executable {
  readonly name: string;
  readonly path: string;
}

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A machine has no fonts for Chinese unless somebody installed one; pages ship theirs, but `<svg>` text and screenshots need it. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--autoplay-policy=no-user-gesture-required',
];

let found: Promise<Executable> | undefined;

/**
 * A Chromium that starts and plays H.264: `GATECAST_CHROMIUM`, the system's, else the one that comes through npm.
 * Where its system libraries are missing and we may install packages, Debian's is installed once.
 */
export function findBrowser(): Promise<Executable> {
  found ??= search();
  return found;
}

async function search(): Promise<Executable> {
  const given = process.env['GATECAST_CHROMIUM'];
  for (const path of given ? [given] : installed)
    if (existsSync(path) && (await starts(path))) return { name: path, path };
  const packaged = await fromNpm();
  if (await starts(packaged)) return { name: '@sparticuz/chromium', path: packaged };
  installDebianChromium();
  const [debian = ''] = installed;
  if (await starts(debian)) return { name: debian, path: debian };
  throw new Error('no Chromium starts here: install one (Debian: apt-get install chromium) or set GATECAST_CHROMIUM');
}

async function fromNpm(): Promise<string> {
  const { default: packaged } = await import('@sparticuz/chromium');
  return packaged.executablePath();
}

function installDebianChromium(): void {
  if (process.getuid?.() !== 0) return;
  console.log('Installing Chromium from Debian (once) …');
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-wqy-microhei'], {
    stdio: 'ignore',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

async function starts(path: string): Promise<boolean> {
  try {
    const browser = await chromium.launch({ executablePath: path, args });
    await browser.close();
    return true;
  } catch {
    // Missing libraries, another processor: the next candidate is tried, and the last failure is told in full.
    return false;
  }
}

/** A running browser with the flags that our pages need. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: (await findBrowser()).path, args });
}
