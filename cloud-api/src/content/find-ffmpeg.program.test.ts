import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { findFfmpeg, missingFeature, type Ffmpeg } from './find-ffmpeg.ts';

const real = await findFfmpeg({});

it('one that cannot make our clips is refused', () => {
  const encoders = ' V..... libx264              libx264 H.264\n A..... aac                  AAC\n';
  expect(missingFeature(encoders, ' ... loudnorm          A->A       EBU R128\n')).toBeUndefined();
  expect(missingFeature(encoders.replace('libx264 ', 'libx265 '), ' ... loudnorm A->A x')).toBe('lacks libx264');
  expect(missingFeature(encoders.replace(' aac ', ' opus '), ' ... loudnorm A->A x')).toBe('lacks aac');
  expect(missingFeature(encoders, ' ... loud A->A x')).toBe('lacks loudnorm');
});

type Place = 'own' | 'static' | 'path' | 'installer';

/** Each candidate is a real program: a script around the ffmpeg of this machine. */
describe.skipIf(real.path === null)('an ffmpeg is looked for', () => {
  const dirs: string[] = [];
  afterEach(() => {
    for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
  });

  const wholeProgram = `exec "${(real as Ffmpeg).path}" "$@"`;
  const program = (path: string, text: string): string => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  /** What is found on a machine that has these; the text is that of its script. */
  const findWith = (places: Partial<Record<Place, string>>) => {
    const dir = mkdtempSync(join(tmpdir(), 'gatecast-find-'));
    dirs.push(dir);
    const module = (name: string, exported: string) => {
      const path = join(dir, 'node_modules', name, 'index.js');
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `module.exports = ${exported};`);
    };
    const { own, static: packaged, path, installer } = places;
    const at = join(dir, 'packaged');
    if (packaged !== undefined) module('ffmpeg-static', JSON.stringify(packaged === '' ? at : program(at, packaged)));
    if (path !== undefined) program(join(dir, 'bin', 'ffmpeg'), path);
    if (installer !== undefined) {
      const file = program(join(dir, 'installer'), installer);
      module('@ffmpeg-installer/ffmpeg', JSON.stringify({ path: file, version: '1' }));
    }
    const env = { FFMPEG_PATH: own === undefined ? undefined : join(dir, 'own'), PATH: join(dir, 'bin') };
    if (own !== undefined && own !== '') program(join(dir, 'own'), own);
    return findFfmpeg(env, pathToFileURL(join(dir, 'any.js')).href);
  };

  it('where the setting says, then in ffmpeg-static, on the path, and in the installer’s package', async () => {
    const all = { own: wholeProgram, static: wholeProgram, path: wholeProgram, installer: wholeProgram };
    const { own: _, ...unset } = all;
    expect(await findWith(all)).toMatchObject({
      from: 'FFMPEG_PATH',
      version: expect.stringMatching(/^ffmpeg version/),
    });
    expect(await findWith(unset)).toMatchObject({ from: 'ffmpeg-static' });
    expect(await findWith({ path: wholeProgram, installer: wholeProgram })).toMatchObject({
      from: 'PATH',
      path: 'ffmpeg',
    });
    expect(await findWith({ installer: wholeProgram })).toMatchObject({ from: '@ffmpeg-installer/ffmpeg' });
  });

  it('and where there is none, each place is told with what was wrong there', async () => {
    expect(await findWith({ own: '', static: '' })).toMatchObject({
      path: null,
      tried: [
        { candidate: expect.stringMatching(/own$/), fault: 'cannot run: ENOENT' },
        { candidate: 'ffmpeg-static', fault: 'not installed' },
        { candidate: 'ffmpeg', fault: 'cannot run: ENOENT' },
        { candidate: '@ffmpeg-installer/ffmpeg', fault: 'not installed' },
      ],
    });
  });

  it('and passed over where it lacks what we need, was never downloaded or cannot run', async () => {
    const lacking = `"${(real as Ffmpeg).path}" "$@" | /bin/grep -v libx264`;
    expect(await findWith({ own: lacking, static: '', path: wholeProgram })).toMatchObject({ from: 'PATH' });
    expect(await findWith({ own: 'exit 3', installer: wholeProgram })).toMatchObject({
      from: '@ffmpeg-installer/ffmpeg',
    });
  });

  it('not at all if the setting says so', async () => {
    expect(await findFfmpeg({ FFMPEG_PATH: 'none' })).toEqual({ path: null, tried: [] });
  });
});
