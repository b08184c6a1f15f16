import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../../../bin/gatecast-release.js', import.meta.url));
const at = ['--created-at', '2026-11-22T08:00:00Z'];

describe('gatecast-release', { timeout: 60_000 }, () => {
  let dir: string;
  const path = (name: string) => join(dir, name);
  const run = (...args: string[]) => execFileSync(process.execPath, [bin, ...args], { cwd: dir, encoding: 'utf8' });
  /** Of a call that has to fail: what it says. */
  const refused = (...args: string[]): string => {
    const { status, stderr } = spawnSync(process.execPath, [bin, ...args], { cwd: dir, encoding: 'utf8' });
    expect(status).not.toBe(0);
    return stderr;
  };
  const pack = (out: string, ...more: string[]) =>
    run('pack', 'agent', '--model', 'linux-x64', '--out', out, ...at, ...more);

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'gatecast-release-'));
    mkdirSync(path('agent/screen'), { recursive: true });
    writeFileSync(path('agent/gatecast-agent.mjs'), 'console.log(1)\n');
    writeFileSync(path('agent/package.json'), '{"version":"1.4.0"}');
    writeFileSync(path('agent/screen/index.html'), '<p>screen</p>');
    writeFileSync(path('agent/screen/empty.txt'), '');
    writeFileSync(path('agent/.stamp'), 'left out');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('makes a key that only its owner may read, and never writes over one', () => {
    run('keygen', 'update.pem');
    expect(statSync(path('update.pem')).mode & 0o777).toBe(0o600);
    const before = readFileSync(path('update.pem'));
    expect(refused('keygen', 'update.pem')).toContain('key-exists');
    expect(readFileSync(path('update.pem'))).toEqual(before);
    expect(readFileSync(path('update.pem.pub.json'), 'utf8')).not.toContain('PRIVATE');
  });

  it('refuses to sign with a key that others may read, and with an encrypted one without its passphrase', () => {
    pack('a.gcr');
    writeFileSync(path('word'), 'correct horse\n');
    run('keygen', 'update.pem', '--passphrase-file', 'word');
    expect(readFileSync(path('update.pem'), 'utf8')).toContain('ENCRYPTED');
    expect(refused('sign', 'a.gcr', '--key', 'update.pem')).toContain('key-unreadable');
    expect(run('sign', 'a.gcr', '--key', 'update.pem', '--passphrase-file', 'word')).toContain('signed by upd_');
    chmodSync(path('update.pem'), 0o644);
    expect(refused('sign', 'a.gcr', '--key', 'update.pem', '--passphrase-file', 'word')).toContain('key-exposed');
  });

  it('packs the same files to the same bytes, and says what is inside', () => {
    pack('a.gcr');
    pack('b.gcr');
    expect(readFileSync(path('a.gcr'))).toEqual(readFileSync(path('b.gcr')));
    const { manifest } = JSON.parse(run('show', 'a.gcr', '--json')) as { manifest: { files: { path: string }[] } };
    expect(manifest).toMatchObject({ version: '1.4.0', model: 'linux-x64', minFrom: null, protocolFloor: 4 });
    expect(manifest.files.map((file) => file.path)).toEqual([
      'gatecast-agent.mjs',
      'package.json',
      'screen/empty.txt',
      'screen/index.html',
    ]);
  });

  it('refuses links, folders without an agent and names that lead out', () => {
    symlinkSync('/etc/passwd', path('agent/passwd'));
    expect(refused('pack', 'agent', '--model', 'linux-x64', '--out', 'a.gcr')).toContain('link-in-release');
    rmSync(path('agent/passwd'));
    writeFileSync(path('agent/a b'), '');
    expect(refused('pack', 'agent', '--model', 'linux-x64', '--out', 'a.gcr')).toContain('name-not-portable');
    expect(refused('pack', 'agent/screen', '--model', 'x1', '--out', 'a.gcr')).toContain('no-agent-inside');
  });

  it('verifies what was signed, and tells what was changed, cut off or signed by somebody else', () => {
    run('keygen', 'update.pem');
    run('keygen', 'other.pem');
    pack('a.gcr');
    expect(refused('verify', 'a.gcr', '--keys', 'update.pem.pub.json')).toContain('release-unsigned');
    run('sign', 'a.gcr', '--key', 'update.pem');
    expect(run('verify', 'a.gcr', '--keys', 'update.pem.pub.json')).toContain('1.4.0 for linux-x64');
    expect(refused('verify', 'a.gcr', '--keys', 'other.pem.pub.json')).toContain('unknown-update-key');
    const whole = readFileSync(path('a.gcr'));
    writeFileSync(path('a.gcr'), whole.subarray(0, -3));
    expect(refused('verify', 'a.gcr', '--keys', 'update.pem.pub.json')).toContain('archive-damaged');
    expect(refused('sign', 'a.gcr', '--key', 'update.pem')).toContain('archive-damaged');
    writeFileSync(path('a.gcr'), Buffer.concat([whole, Buffer.from('more')]));
    expect(refused('verify', 'a.gcr', '--keys', 'update.pem.pub.json')).toContain('archive-too-long');
    writeFileSync(path('a.gcr'), whole.toString('latin1').replace('"version":"1.4.0"', '"version":"1.5.0"'), 'latin1');
    expect(refused('verify', 'a.gcr', '--keys', 'update.pem.pub.json')).toContain('wrong-signature');
    writeFileSync(path('a.gcr'), 'something else');
    expect(refused('show', 'a.gcr')).toContain('release-unreadable');
  });

  it('lets a new key take the place of the one that endorsed it, and of no other', () => {
    for (const name of ['first.pem', 'second.pem', 'thief.pem']) run('keygen', name);
    run('endorse', '--key', 'first.pem', '--next', 'second.pem.pub.json', '--out', 'succession.json');
    run('endorse', '--key', 'thief.pem', '--next', 'thief.pem.pub.json', '--out', 'theft.json');
    pack('a.gcr');
    run('sign', 'a.gcr', '--key', 'second.pem', '--succession', 'succession.json');
    expect(run('verify', 'a.gcr', '--keys', 'first.pem.pub.json')).toContain('whole');
    run('sign', 'a.gcr', '--key', 'first.pem', '--succession', 'succession.json');
    expect(refused('verify', 'a.gcr', '--keys', 'first.pem.pub.json')).toContain('unknown-update-key');
    run('sign', 'a.gcr', '--key', 'thief.pem', '--succession', 'theft.json');
    expect(refused('verify', 'a.gcr', '--keys', 'first.pem.pub.json')).toContain('unknown-update-key');
  });
});
