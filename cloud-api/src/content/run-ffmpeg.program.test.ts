import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { findFfmpeg, type Ffmpeg } from './find-ffmpeg.ts';
import { passes, runFfmpeg, untrustedVideo, type Converter, type FfmpegRun } from './run-ffmpeg.ts';
import { probeSandbox, tryMachine } from './sandbox.ts';

const found = await findFfmpeg({});
const sandbox = await probeSandbox();

/** Each test is about what the machine permits: where a limit does not hold, health says so instead. */
describe.skipIf(found.path === null)('an ffmpeg on a stranger’s file', () => {
  const ffmpeg = found as Ffmpeg;
  const converter: Converter = { ffmpeg, sandbox, memoryBytes: 2 * 1024 ** 3 };
  const dir = mkdtempSync(join(tmpdir(), 'gatecast-run-'));
  const at = (name: string) => join(dir, name);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const go = (run: FfmpegRun, by = converter, signal = new AbortController().signal) => runFfmpeg(by, run, signal);
  const endless = ['-f', 'lavfi', '-i', 'testsrc=size=720x1280', '-f', 'null', '-'];
  const big = ['-f', 'lavfi', '-i', 'color=size=4096x4096', '-frames:v', '50', '-c:v', 'libx264', at('big.mp4')];
  const swelling = ['-f', 'lavfi', '-i', 'testsrc=size=720x1280', '-c:v', 'rawvideo', '-f', 'rawvideo', at('swollen')];
  const limits = { cpuSeconds: 1, memoryBytes: 1024 ** 3, outputBytes: 1024 ** 2 };
  const script = (name: string, text: string): Converter => {
    writeFileSync(at(name), `#!/bin/sh\n${text}\n`);
    chmodSync(at(name), 0o755);
    return { ...converter, ffmpeg: { ...ffmpeg, path: at(name) } };
  };
  const pidIn = (name: string) =>
    vi.waitFor(() => {
      const pid = Number(readFileSync(at(name), 'utf8'));
      if (!(pid > 0)) throw new Error('not started yet');
      return pid;
    }, 5_000);
  const isAlive = (pid: number) => {
    try {
      process.kill(pid, 0);
      // A zombie waits for whoever reaps it; it runs no more.
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  };
  const isGone = (pid: number) => vi.waitFor(() => expect(isAlive(pid)).toBe(false), 5_000);

  it.skipIf(!sandbox.holds.cpuTime)('that never ends is ended by the limit of processor time', async () => {
    const ended = go({ args: endless, cpuSecondsMax: 1 });
    await expect(ended).rejects.toMatchObject({ code: 'transcode-limits', details: { limit: 'cpu' } });
  });

  it('that takes its time is ended by the clock, and may be tried again', async () => {
    await expect(go({ args: endless, wallMsMax: 200 })).rejects.toMatchObject({ code: 'transcode-timeout' });
    expect(['transcode-timeout', 'transcode-interrupted', 'disk-full'].every(passes)).toBe(true);
    expect(['transcode-failed', 'transcode-limits'].some(passes)).toBe(false);
  });

  it.skipIf(!sandbox.holds.memory)('that asks for too much memory gets none', async () => {
    const ended = go({ args: big }, { ...converter, memoryBytes: 400 * 1024 ** 2 });
    await expect(ended).rejects.toMatchObject({ code: 'transcode-limits', details: { limit: 'memory' } });
  });

  it.skipIf(!sandbox.holds.outputSize)('that swells on the disk is cut off', async () => {
    const ended = go({ args: swelling, outputBytesMax: 4 * 1024 ** 2 });
    await expect(ended).rejects.toMatchObject({ code: 'transcode-limits', details: { limit: 'output' } });
    expect(readFileSync(at('swollen')).length).toBeLessThanOrEqual(4 * 1024 ** 2);
  });

  it('is held by the shell where there is no util-linux', { timeout: 20_000 }, async () => {
    mkdirSync(at('bin'));
    for (const name of ['sh', 'true'])
      symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), at(`bin/${name}`));
    vi.stubEnv('PATH', at('bin'));
    const plain = await tryMachine();
    vi.unstubAllEnvs();
    expect(plain.holds).toEqual({
      memory: true,
      cpuTime: true,
      outputSize: true,
      noNetwork: false,
      endsWithParent: false,
      ownUser: false,
    });
    const by = { ...converter, sandbox: plain };
    expect(plain.wrap(limits, ['x'])[0]).toBe('sh');
    await expect(go({ args: endless, cpuSecondsMax: 1 }, by)).rejects.toMatchObject({ details: { limit: 'cpu' } });
    await expect(
      go({ args: big, outputBytesMax: 1024 ** 2 }, { ...by, memoryBytes: 400 * 1024 ** 2 }),
    ).rejects.toMatchObject({ details: { limit: 'memory' } });
    await expect(go({ args: swelling, outputBytesMax: 4 * 1024 ** 2 }, by)).rejects.toMatchObject({
      details: { limit: 'output' },
    });
  });

  it('whose picture is a decompression bomb is refused before it unfolds', { timeout: 30_000 }, async () => {
    const small = ['-f', 'lavfi', '-i', 'color=size=8192x4096', '-frames:v', '1', '-c:v', 'libx264'];
    await go({ args: [...small, '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', at('bomb.mp4')] });
    expect(readFileSync(at('bomb.mp4')).length).toBeLessThan(128 * 1024);
    const ended = go({ args: [...untrustedVideo(at('bomb.mp4')), '-f', 'null', '-'] });
    await expect(ended).rejects.toMatchObject({ code: 'transcode-failed' });
  });

  it('that is a playlist or names another file reads nothing', async () => {
    writeFileSync(at('list.mp4'), `ffconcat version 1.0\nfile ${import.meta.filename}\n`);
    const ended = go({ args: [...untrustedVideo(at('list.mp4')), '-f', 'null', '-'] });
    await expect(ended).rejects.toMatchObject({ code: 'transcode-failed', details: { words: expect.any(String) } });
  });

  it.skipIf(!sandbox.holds.noNetwork)('reaches no network, also where ffmpeg itself would let it', async () => {
    let calls = 0;
    const server = createServer((socket) => {
      calls += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(go({ args: ['-i', `http://127.0.0.1:${port}/x`, '-f', 'null', '-'] })).rejects.toThrow();
    server.close();
    expect(calls).toBe(0);
  });

  it('sees no secret of the program that started it', async () => {
    vi.stubEnv('GATECAST_MASTER_KEY', 'very secret');
    const lines: string[] = [];
    await go({ args: [], onLine: (line) => lines.push(line) }, script('env.sh', 'env'));
    vi.unstubAllEnvs();
    expect(lines.join('\n')).toContain('PATH=');
    expect(lines.join('\n')).not.toContain('secret');
  });

  it('ends with the program that stops, the script around it and all', async () => {
    const inner = script('wrapped.sh', `"${ffmpeg.path}" "$@" & echo $! > ${at('inner.pid')}; wait`);
    const stop = new AbortController();
    const running = go({ args: endless }, inner, stop.signal);
    const pid = await pidIn('inner.pid');
    stop.abort(new Error('stopping'));
    await expect(running).rejects.toThrow('stopping');
    await isGone(pid);
  });

  it.skipIf(!sandbox.holds.endsWithParent)('ends with the program that is killed', { timeout: 20_000 }, async () => {
    script('noted.sh', `echo $$ > ${at('own.pid')}; exec "${ffmpeg.path}" "$@"`);
    const program = `
      import { probeSandbox } from '${import.meta.dirname}/sandbox.ts';
      import { runFfmpeg } from '${import.meta.dirname}/run-ffmpeg.ts';
      const ffmpeg = { path: '${at('noted.sh')}', from: 'FFMPEG_PATH', version: '' };
      const converter = { ffmpeg, sandbox: await probeSandbox(), memoryBytes: 2 ** 31 };
      await runFfmpeg(converter, { args: ${JSON.stringify(endless)} }, new AbortController().signal);`;
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], { stdio: 'ignore' });
    const pid = await pidIn('own.pid');
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await isGone(pid);
  });

  describe.skipIf(process.getuid?.() !== 0)('as another user than the cloud', () => {
    const user = { uid: 41_234, gid: 41_235 };
    const own = tryMachine(user);
    it('has no right and no group of the cloud, in every thread, and ends with it', async () => {
      const held = await own;
      // The script has no name in the arguments, so nothing lends it.
      chmodSync(dir, 0o711);
      expect(held.holds).toMatchObject({ ownUser: true, noNetwork: sandbox.holds.noNetwork });
      writeFileSync(at('as.pid'), '');
      chmodSync(at('as.pid'), 0o666);
      const by = { ...script('as.sh', `echo $$ > ${at('as.pid')}; exec "${ffmpeg.path}" "$@"`), sandbox: held };
      const stop = new AbortController();
      const running = go({ args: endless }, by, stop.signal);
      const pid = await pidIn('as.pid');
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const line = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1]?.trim();
      expect(line('Uid')?.split('\t')).toEqual(Array(4).fill(String(user.uid)));
      expect(line('Gid')?.split('\t')).toEqual(Array(4).fill(String(user.gid)));
      expect(line('Groups')).toBe('');
      expect([line('CapEff'), line('CapPrm'), line('CapInh'), line('CapAmb')]).toEqual(Array(4).fill('0'.repeat(16)));
      expect(line('NoNewPrivs')).toBe('1');
      stop.abort(new Error('stopping'));
      await expect(running).rejects.toThrow('stopping');
      await isGone(pid);
    });

    it('reads and makes what it was told to, leaves it to the cloud, and reaches nothing else', async () => {
      const by = { ...converter, sandbox: await own };
      chmodSync(dir, 0o700);
      const picture = ['-f', 'lavfi', '-i', 'color=size=64x64', '-frames:v', '1'];
      await go({ args: [...picture, '-c:v', 'libx264', at('lent.mp4')] }, by);
      chmodSync(at('lent.mp4'), 0o600);
      await go(
        { args: [...untrustedVideo(at('lent.mp4')), '-c', 'copy', '-movflags', '+faststart', at('made.mp4')] },
        by,
      );
      for (const name of ['lent.mp4', 'made.mp4']) {
        const { uid, mode, size } = statSync(at(name));
        expect([uid, mode & 0o777, size > 0], name).toEqual([0, 0o600, true]);
      }
      writeFileSync(at('master.key'), 'secret', { mode: 0o600 });
      expect(await by.sandbox.permits(['cat', at('master.key')])).toBe(false);
      expect(await by.sandbox.permits(['cat', at('lent.mp4')])).toBe(false);
      expect(await by.sandbox.permits(['touch', at('planted')])).toBe(false);
      expect(await by.sandbox.permits(['ls', dir])).toBe(false);
      expect(await sandbox.permits(['cat', at('master.key')])).toBe(true);
    });

    it('is not there where the program may not change user, and runs as nobody else instead', async () => {
      mkdirSync(at('without'));
      for (const name of ['sh', 'true'])
        symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), at(`without/${name}`));
      vi.stubEnv('PATH', at('without'));
      const denied = await tryMachine(user);
      vi.unstubAllEnvs();
      expect(denied.holds.ownUser).toBe(false);
      const [program] = denied.wrap(limits, [ffmpeg.path]);
      expect(program).toBe('setpriv');
    });
  });

  it('that cannot be started is no fault of the file, whoever says so', async () => {
    const nothing = { ...converter, ffmpeg: { ...ffmpeg, path: at('missing') } };
    const without = { ...nothing, sandbox: { ...sandbox, wrap: bare } };
    const replaced = script('replaced.sh', 'exit 127');
    const forbidden = script('forbidden.sh', 'echo "unshare: unshare failed: No space left on device" >&2; exit 1');
    for (const by of [nothing, without, replaced, forbidden]) {
      await expect(go({ args: [] }, by)).rejects.toMatchObject({ code: 'transcode-interrupted' });
    }
  });
});

const bare = (_limits: unknown, [program = '', ...args]: readonly string[]): [string, ...string[]] => [
  program,
  ...args,
];
