import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { keySuccession, releaseEntry, releaseManifest, type ReleaseManifest } from '../../messages/software.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { DomainError } from '../../units/errors.ts';
import { packFolder } from '../pack-folder.ts';
import { isSigned, readReleaseHead, requireWholeArchive, unsigned, writeReleaseFile } from '../release-file.ts';
import { nameSuccessor, requireGenuine, signRelease } from '../update-keys.ts';
import { passphraseOf, readArguments, required, type Arguments } from './arguments.ts';
import { newKeyFile, publicFileOf, readKeyFile, readPublicKeys } from './key-file.ts';
import type { Subcommand } from './usage.ts';

type Run = (args: readonly string[], say: (line: string) => void) => Promise<void>;

/** The protocol version in which the first agent that can install a release speaks. */
const protocolFloorDefault = '4';

const keygen: Run = async (args, say) => {
  const given = readArguments(args, ['KEYFILE']);
  const [path = ''] = given.operands;
  const { kid } = await newKeyFile(path, await passphraseOf(given));
  say(`${kid}: ${path} is the key, keep it offline; ${publicFileOf(path)} is what terminals and the cloud are given`);
};

const pack: Run = async (args, say) => {
  const given = readArguments(args, ['FOLDER']);
  const [folder = ''] = given.operands;
  const [model, out] = [required(given, 'model'), required(given, 'out')];
  const archive = `${out}.archive`;
  try {
    const packed = await packFolder(folder, archive);
    if (!packed.files.some(({ path }) => path === releaseEntry))
      throw new DomainError('no-agent-inside', `${folder} has no ${releaseEntry}`);
    const manifest = releaseManifest.safeParse({ v: 1, model, ...packed, ...(await aboutOf(given, folder)) });
    if (!manifest.success) throw new UsageError(z.prettifyError(manifest.error));
    await writeReleaseFile(out, unsigned(manifest.data), { path: archive, from: 0 });
    say(`${out}: ${summary(manifest.data)}, not signed`);
  } finally {
    await rm(archive, { force: true });
  }
};

async function aboutOf({ options }: Arguments, folder: string) {
  const version = await versionIn(folder);
  const createdAt = options['created-at'] === undefined ? Date.now() : Date.parse(options['created-at']);
  if (Number.isNaN(createdAt)) throw new UsageError('--created-at is no time.');
  const protocolFloor = Number(options['protocol-floor'] ?? protocolFloorDefault);
  return { version, minFrom: options['min-from'] ?? null, protocolFloor, createdAt };
}

const about = z.object({ version: z.string() });

async function versionIn(folder: string): Promise<string> {
  try {
    return about.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))).version;
  } catch {
    throw new UsageError(`${folder}/package.json names no version.`);
  }
}

const sign: Run = async (args, say) => {
  const given = readArguments(args, ['FILE']);
  const [file = ''] = given.operands;
  const key = await readKeyFile(required(given, 'key'), await passphraseOf(given));
  const head = await readReleaseHead(file);
  await requireWholeArchive(file, head);
  const { manifest } = head.release;
  const successions = await Promise.all(given.successions.map(successionIn));
  const release = { manifest, signature: signRelease(key, manifest), successions };
  await writeReleaseFile(file, release, { path: file, from: head.archiveFrom });
  say(`${file}: ${summary(manifest)}, signed by ${key.kid}`);
};

const successionIn = async (path: string) => keySuccession.parse(JSON.parse(await readFile(path, 'utf8')));

const verify: Run = async (args, say) => {
  const given = readArguments(args, ['FILE']);
  const [file = ''] = given.operands;
  const keys = await readPublicKeys(required(given, 'keys'));
  const head = await readReleaseHead(file);
  const { release } = head;
  if (!isSigned(release)) throw new DomainError('release-unsigned', `${file} is not signed`);
  requireGenuine(keys, release);
  await requireWholeArchive(file, head);
  say(`${file}: ${summary(release.manifest)}, signed by ${release.signature.kid}, whole`);
};

const show: Run = async (args, say) => {
  const given = readArguments(args, ['FILE']);
  const [file = ''] = given.operands;
  const { release } = await readReleaseHead(file);
  if (given.flags.has('json')) return say(JSON.stringify(release));
  const { manifest, signature, successions } = release;
  say(summary(manifest));
  say(`built ${new Date(manifest.createdAt).toISOString()}, archive ${manifest.archive.sha256}`);
  say(`from ${manifest.minFrom ?? 'any release'} on, protocol ${manifest.protocolFloor} or later`);
  say(signature ? `signed by ${signature.kid} (not checked), ${successions.length} successions` : 'not signed');
};

const endorse: Run = async (args, say) => {
  const given = readArguments(args, []);
  const key = await readKeyFile(required(given, 'key'), await passphraseOf(given));
  const [next] = await readPublicKeys(required(given, 'next'));
  const out = required(given, 'out');
  if (!next) throw new UsageError('--next names no key.');
  await writeFile(out, `${JSON.stringify(nameSuccessor(key, next), undefined, 2)}\n`, { flag: 'wx', mode: 0o644 });
  say(`${out}: ${key.kid} gives way to ${next.kid}`);
};

const summary = ({ version, model, files, archive }: ReleaseManifest): string =>
  `${version} for ${model}, ${files.length} files, ${archive.bytes} bytes packed`;

export const commands: Readonly<Record<Subcommand, Run>> = { keygen, pack, sign, verify, show, endorse };
