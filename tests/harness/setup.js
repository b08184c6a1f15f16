// Runs before anything is installed, on whatever Node npm itself runs on (20 is enough): plain JavaScript, no packages.
// Brings node_modules up to package-lock.json, once, also when two commands start together.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const stamp = join(root, 'node_modules', '.gatecast-setup');
const lock = join(root, '.gatecast-setup.lock');
const lockAgeMaxMs = 10 * 60_000;

function wanted() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  return `${hash.digest('hex')} ${process.platform}-${process.arch}`;
}

const isDone = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted();

/** True if the lock is ours now; waits while another set-up that is alive holds it. */
function takeLock() {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!holderIsAlive()) {
    rmSync(lock, { recursive: true, force: true });
    return takeLock();
  }
  return false;
}

function holderIsAlive() {
  try {
    if (Date.now() - statSync(lock).mtimeMs > lockAgeMaxMs) return false;
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return true;
  } catch (error) {
    // No pid yet: the holder is between its two steps. EPERM: alive, another user's.
    return error.code === 'EPERM' || (error.code === 'ENOENT' && existsSync(lock));
  }
}

function install() {
  const started = Date.now();
  console.log('Installing the packages that package-lock.json names (once, about a minute) …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error('The packages could not be installed; what npm says is above. Nothing was started.');
    process.exit(npm.status ?? 1);
  }
  writeFileSync(stamp, wanted());
  console.log(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

function waitBriefly() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
}

if (!isDone()) {
  while (!takeLock()) waitBriefly();
  try {
    if (!isDone()) install();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
