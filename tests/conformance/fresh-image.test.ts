import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@gatecast/firmware-protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Agent } from '../../edge-agent/src/agent.ts';
import { doorLink } from '../../edge-agent/src/door/serial-line.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Base64url of 32 bytes: how every key of ours rests. */
const keyShape = /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g;
const keysIn = (text: string): string[] => text.match(keyShape) ?? [];

describe('a machine as it comes out of its box', () => {
  const dirs: string[] = [];
  beforeEach(async () => {
    for (const name of ['one', 'two']) {
      const dataDir = mkdtempSync(join(tmpdir(), `gatecast-fresh-${name}-`));
      dirs.push(dataDir);
      const agent = new Agent({
        dataDir,
        cloudUrl: 'http://127.0.0.1:9',
        doorLinks: { osdp: doorLink('tcp://127.0.0.1:9') },
        clock: systemClock,
        screen: { port: 0, frameAncestors: [], pageDir: dataDir },
        log: pino({ level: 'silent' }),
      });
      await agent.start();
      await agent.stop();
    }
  });
  afterEach(() => {
    for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true });
  });

  const filesOf = (dir: string): string[] =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

  it('shares no key with another one', () => {
    const [one = [], two = []] = dirs.map((dir) =>
      filesOf(dir).flatMap((file) => keysIn(readFileSync(file, 'latin1'))),
    );
    expect(one.length).toBeGreaterThanOrEqual(4);
    expect(one.filter((key) => two.includes(key))).toEqual([]);
  });

  it('lets nobody else read its keys', () => {
    for (const dir of dirs) {
      const keys = filesOf(dir).filter((file) => /keys/.test(file));
      expect(keys.length).toBeGreaterThanOrEqual(2);
      for (const file of keys) expect(statSync(file).mode & 0o077, file).toBe(0);
    }
  });
});

it('a clone of the sources holds no private key', () => {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const armoured = /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{40}/;
  const told = files
    .split('\0')
    .filter((file) => file !== '' && !/\.(png|jpg|woff2?|mp4|osdpcap)$/.test(file))
    .filter((file) => {
      const text = readFileSync(join(root, file), 'latin1');
      return armoured.test(text) || /"privateKey":\s*"[A-Za-z0-9_-]{43}"/.test(text);
    });
  expect(told).toEqual([]);
});
