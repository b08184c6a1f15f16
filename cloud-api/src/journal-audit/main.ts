import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { systemClock } from '@gatecast/firmware-protocol';
import { readConfig } from '../config.ts';
import { openReadOnly } from '../platform/db/read-only.ts';
import { auditBundle } from './bundle.ts';
import { readArguments, usage, type AuditArguments } from './arguments.ts';
import { databaseSource } from './database-source.ts';
import { exportJournal } from './export.ts';
import { fileSource } from './file-source.ts';
import { auditJournal } from './journal-audit.ts';
import type { JournalSource } from './records.ts';
import { jsonReport, textReport } from './report.ts';

const exitCodes = { fine: 0, wrong: 1, usage: 2, unreadable: 3 } as const;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function sourceOf({ db, file, terminal }: AuditArguments): Promise<JournalSource> {
  if (file !== undefined) return fileSource(file, terminal);
  return databaseSource(await openReadOnly(db ?? readConfig(process.env).databaseUrl), systemClock, terminal);
}

async function check(source: JournalSource, { keys, isJson }: AuditArguments): Promise<number> {
  const started = systemClock.mono();
  const result = await auditJournal(source, keys);
  const run = { ...result, seconds: (systemClock.mono() - started) / 1_000, areKeysItsOwn: keys === undefined };
  process.stdout.write(isJson ? jsonReport(run) : textReport(run));
  return result.findings.length === 0 ? exitCodes.fine : exitCodes.wrong;
}

async function checkBundle(bundle: string, { keys, isJson }: AuditArguments): Promise<number> {
  const started = systemClock.mono();
  const result = await auditBundle(bundle, keys);
  const run = { ...result, seconds: (systemClock.mono() - started) / 1_000, areKeysItsOwn: keys === undefined };
  process.stdout.write(isJson ? jsonReport(run) : textReport(run));
  return result.bundleFaults.length + result.findings.length === 0 ? exitCodes.fine : exitCodes.wrong;
}

async function writeExport(source: JournalSource, { out = '-' }: AuditArguments): Promise<number> {
  const target = out === '-' ? process.stdout : createWriteStream(out, { flags: 'wx', mode: 0o600 });
  const failed = once(target, 'error').then(([error]) => Promise.reject(error));
  const work = exportJournal(source, async (line) => {
    if (!target.write(line)) await Promise.race([once(target, 'drain'), failed]);
  });
  const rows = await Promise.race([work, failed]);
  if (target !== process.stdout) {
    target.end();
    await finished(target);
  }
  process.stderr.write(`${rows} rows written\n`);
  return exitCodes.fine;
}

async function main(args: readonly string[]): Promise<number> {
  let given: AuditArguments | undefined;
  try {
    given = readArguments(args);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${usage}\n`);
    return exitCodes.usage;
  }
  if (!given) {
    process.stdout.write(`${usage}\n`);
    return exitCodes.fine;
  }
  try {
    if (given.bundle !== undefined) return await checkBundle(given.bundle, given);
    const source = await sourceOf(given);
    try {
      return given.command === 'export' ? await writeExport(source, given) : await check(source, given);
    } finally {
      await source.close();
    }
  } catch (error) {
    process.stderr.write(`the journal cannot be read: ${messageOf(error)}\n`);
    return exitCodes.unreadable;
  }
}

process.exitCode = await main(process.argv.slice(2));
