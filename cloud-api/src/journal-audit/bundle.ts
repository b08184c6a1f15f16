import { createHash } from 'node:crypto';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';
import { tarFiles, UnreadableTar } from '../platform/tar.ts';
import {
  bundleContext,
  bundleFileBytesMax,
  bundleInvoice,
  bundleLine,
  bundleManifest,
  bundlePlay,
  signedText,
  type BundleManifest,
} from './bundle-records.ts';
import { fileSource } from './file-source.ts';
import type { AuditResult, TrustedKeys } from './journal-audit.ts';
import { auditJournal } from './journal-audit.ts';
import type { JournalSource } from './records.ts';

/** What is wrong with a bundle beside its journal, in words. */
export interface BundleResult extends AuditResult {
  readonly bundleFaults: readonly string[];
}

/** Plays that are held against the journal; a bill of more is looked at for the first so many. */
const playsMax = 2_000_000;
/** More of them say nothing new. */
const faultsMax = 1_000;

interface Unpacked {
  readonly manifest: BundleManifest | undefined;
  readonly files: BundleManifest['files'];
  /** The hash that the bill says each play's row has, by terminal, epoch and sequence. */
  readonly plays: Map<string, string | null>;
  readonly billedFen: number;
  readonly invoice: { readonly totalFen: number; readonly status: string } | undefined;
}

/**
 * Checks an auditor's bundle: that it is what was signed, that its journal is what the screens wrote, that every play behind the bill is a row of it, and that
 * the lines add up. Rejects for what is no bundle. Memory is bounded by {@link playsMax}.
 */
export async function auditBundle(path: string, trusted?: TrustedKeys): Promise<BundleResult> {
  const folder = await mkdtemp(join(tmpdir(), 'gatecast-bundle-'));
  try {
    const journal = join(folder, 'journal.jsonl');
    const unpacked = await unpack(path, journal);
    const source = await fileSource(journal);
    const keys = trusted ?? new Map(source.header.keys.map(({ kid, publicKey }) => [kid, publicKey]));
    const bundleFaults = [...faultsOf(unpacked, keys), ...(await missingRows(source, unpacked.plays))];
    return { ...(await auditJournal(source, trusted)), bundleFaults: bundleFaults.slice(0, faultsMax) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function unpack(path: string, journal: string): Promise<Unpacked> {
  const from = await open(path);
  const to = await open(journal, 'wx', 0o600);
  try {
    return await takeFiles(from, to);
  } finally {
    await from.close();
    await to.close();
  }
}

async function takeFiles(from: FileHandle, to: FileHandle): Promise<Unpacked> {
  const files: BundleManifest['files'] = [];
  const plays = new Map<string, string | null>();
  let manifest: BundleManifest | undefined;
  let invoice: Unpacked['invoice'];
  let billedFen = 0;
  const read = async (at: number, bytes: number) => {
    const { buffer, bytesRead } = await from.read(Buffer.alloc(bytes), 0, bytes, at);
    return buffer.subarray(0, bytesRead);
  };
  for await (const { name, content } of tarFiles(read, 2 * bundleFileBytesMax)) {
    const text = () => Buffer.from(content).toString('utf8');
    if (name === 'manifest.json') {
      manifest = bundleManifest.parse(JSON.parse(text()));
      continue;
    }
    files.push({ name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
    if (name === 'invoice.json') invoice = bundleInvoice.parse(JSON.parse(text()));
    else if (name.startsWith('journal-')) await to.write(content);
    else if (name.startsWith('plays-'))
      for (const line of linesOf(text())) {
        const { terminal, epoch, seq, hash } = bundlePlay.parse(line);
        if (plays.size < playsMax) plays.set(`${terminal}|${epoch}|${seq}`, hash);
      }
    else if (name.startsWith('lines-'))
      for (const line of linesOf(text())) {
        const { kind, amountFen } = bundleLine.parse(line);
        if (kind !== 'credit') billedFen += amountFen;
      }
  }
  return { manifest, files, plays, billedFen, invoice };
}

const linesOf = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));

function faultsOf({ manifest, files, billedFen, invoice }: Unpacked, keys: TrustedKeys): string[] {
  if (!manifest || !invoice) throw new UnreadableTar('this is no bundle of an invoice, or not a whole one');
  const faults: string[] = [];
  const { kid, value } = manifest.signature;
  const key = keys.get(kid);
  if (key === undefined) faults.push(`the list of files is signed by a key that nobody vouches for: ${kid}`);
  else if (!verifyText(publicKeyOf('ed25519', key), bundleContext, signedText(manifest), value))
    faults.push('the list of files is not what the cloud has signed');
  if (JSON.stringify(manifest.files) !== JSON.stringify(files)) faults.push(...changedFiles(manifest.files, files));
  if (invoice.totalFen !== billedFen)
    faults.push(`the lines add up to ${billedFen} fen, and the bill says ${invoice.totalFen}`);
  return faults;
}

function changedFiles(said: BundleManifest['files'], found: BundleManifest['files']): string[] {
  const there = new Map(found.map((file) => [file.name, file.sha256]));
  const changed = said
    .filter(({ name, sha256 }) => there.get(name) !== sha256)
    .map(({ name }) => `${name} was changed`);
  const known = new Set(said.map(({ name }) => name));
  const added = found.filter(({ name }) => !known.has(name)).map(({ name }) => `${name} was added`);
  return [...changed, ...added, ...(changed.length + added.length === 0 ? ['the files are not in their order'] : [])];
}

/** Plays of the bill that are not in the journal as the bill says. */
async function missingRows(source: JournalSource, plays: Map<string, string | null>): Promise<string[]> {
  const left = new Map([...plays].filter(([, hash]) => hash !== null));
  const faults: string[] = [];
  for await (const { terminal, epoch, stream, parts } of source.streams()) {
    if (stream !== 'play') continue;
    for await (const part of parts()) {
      if (part.type !== 'row') continue;
      const name = `${terminal}|${epoch}|${part.seq}`;
      const hash = left.get(name);
      if (hash === undefined) continue;
      left.delete(name);
      if (hash !== part.hash || part.kind !== 'play')
        faults.push(`row ${part.seq} of ${terminal} is not the play that is billed`);
    }
  }
  return [
    ...faults,
    ...[...left.keys()].map((name) => `a play that is billed is in no journal: ${name.replaceAll('|', ' ')}`),
  ];
}
