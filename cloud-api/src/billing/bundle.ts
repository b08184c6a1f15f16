import { createHash } from 'node:crypto';
import { exportLines } from '../journal-audit/export.ts';
import { databaseSource } from '../journal-audit/database-source.ts';
import {
  bundleContext,
  bundleFileBytesMax,
  signedText,
  type BundleManifest,
  type BundlePlay,
} from '../journal-audit/bundle-records.ts';
import type { JournalSource } from '../journal-audit/records.ts';
import { openReadOnly, type OpenReads } from '../platform/db/read-only.ts';
import { refusal } from '../platform/errors.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import { tarEnd, tarEntry } from '../platform/tar.ts';
import type { Exposures } from '../exposure/service.ts';
import type { Plays } from '../plays/service.ts';
import { rowProof } from '../terminals/row-proof.ts';
import type { Invoice } from './contract.ts';
import { filteredOf, type LineView } from './line-view.ts';
import * as rows from './store.ts';

export interface BundleParts {
  readonly exposures: Pick<Exposures, 'reports'>;
  readonly plays: Pick<Plays, 'of'>;
  readonly view: LineView;
}

/** Each holds a moment of the database and a few megabytes. */
export const bundlesAtOnceMax = 2;
const linesPerRead = 200;
/** A bill plays on no more screens than there are. */
const terminalsMax = 20_000;

export type MakeBundle = (invoice: Invoice) => Promise<ReadableStream<Uint8Array>>;

/**
 * Everything that an auditor needs for checking a bill without us, as one tar: the bill, its lines, every version of the reports, the plays with the rows that
 * they are in the screens' chains, those chains whole with their checkpoints, and a signed list of all of it. Read from one moment of the database, as it is taken.
 * Rejects with `too-many-requests` while others are being made.
 */
export function createBundles(platform: Platform, parts: BundleParts): MakeBundle {
  let underWay = 0;
  return async (invoice) => {
    if (underWay >= bundlesAtOnceMax) throw refusal('too-many-requests', 'so many bundles are being made already');
    underWay += 1;
    let db: OpenReads | undefined;
    let isOver = false;
    const end = async (): Promise<void> => {
      if (isOver) return;
      isOver = true;
      underWay -= 1;
      await db?.close();
    };
    try {
      db = await openReadOnly(platform.config.databaseUrl);
    } catch (err) {
      await end();
      throw err;
    }
    const parted = bundleOf(platform, parts, db, invoice)[Symbol.asyncIterator]();
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          const { done, value } = await parted.next();
          if (!done) return controller.enqueue(value);
          controller.close();
        } catch (err) {
          controller.error(err);
        }
        await end();
      },
      async cancel() {
        await parted.return?.(undefined);
        await end();
      },
    });
  };
}

async function* bundleOf(
  platform: Platform,
  parts: BundleParts,
  db: OpenReads,
  invoice: Invoice,
): AsyncGenerator<Uint8Array, void> {
  const files: BundleManifest['files'] = [];
  const put = (name: string, content: Uint8Array): Uint8Array => {
    files.push({ name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
    return tarEntry(name, content);
  };
  const terminals = new Set<string>();
  yield put('invoice.json', Buffer.from(`${JSON.stringify(invoice)}\n`));
  for await (const [n, lines] of numbered(linesOf(parts, db, invoice.id))) yield put(`lines-${n}.jsonl`, lines);
  for await (const [n, lines] of numbered(reportsOf(parts, db, invoice.id))) yield put(`reports-${n}.jsonl`, lines);
  for await (const [n, lines] of numbered(playsOf(parts, db, invoice.id, terminals)))
    yield put(`plays-${n}.jsonl`, lines);
  for await (const [n, lines] of numbered(journalOf(platform, db, terminals))) yield put(`journal-${n}.jsonl`, lines);
  const said = {
    type: 'gatecast-invoice-bundle',
    v: 1,
    invoiceId: invoice.id,
    at: platform.clock.now(),
    files,
  } as const;
  const unsigned = { ...said, signature: { kid: '', value: '' } };
  const signature = await platform.signer.sign(
    db.read,
    'checkpoint',
    platformOwner,
    bundleContext,
    signedText(unsigned),
  );
  yield tarEntry('manifest.json', Buffer.from(`${JSON.stringify({ ...said, signature })}\n`));
  yield tarEnd();
}

/** Lines, cut into files. */
async function* numbered(lines: AsyncIterable<string>): AsyncGenerator<readonly [string, Uint8Array]> {
  let part: Buffer[] = [];
  let bytes = 0;
  let no = 0;
  const name = () => String((no += 1)).padStart(5, '0');
  for await (const line of lines) {
    const next = Buffer.from(line);
    if (bytes + next.length > bundleFileBytesMax && bytes > 0) {
      yield [name(), Buffer.concat(part)];
      [part, bytes] = [[], 0];
    }
    part.push(next);
    bytes += next.length;
  }
  if (bytes > 0) yield [name(), Buffer.concat(part)];
}

const asLine = (value: object): string => `${JSON.stringify(value)}\n`;

async function* pagesOf({ read }: OpenReads, invoiceId: string): AsyncGenerator<rows.LineRow[]> {
  let last: rows.LineRow | undefined;
  for (;;) {
    const found = await rows.linesAfter(read, invoiceId, last, linesPerRead);
    if (found.length > 0) yield found;
    last = found.at(-1);
    if (found.length < linesPerRead) return;
  }
}

async function* linesOf({ view }: BundleParts, db: OpenReads, invoiceId: string): AsyncGenerator<string> {
  for await (const found of pagesOf(db, invoiceId)) yield* (await view(db.read, found)).map(asLine);
}

/** Each half-hour of the bill once. */
async function* cellsOf(db: OpenReads, invoiceId: string): AsyncGenerator<rows.LineRow> {
  let last = '';
  for await (const found of pagesOf(db, invoiceId))
    for (const line of found.toSorted((a, b) => a.at - b.at || (a.communityId < b.communityId ? -1 : 1))) {
      const name = `${line.communityId}|${line.at}`;
      if (name !== last && line.kind !== 'closing') yield line;
      last = name;
    }
}

async function* reportsOf({ exposures }: BundleParts, db: OpenReads, invoiceId: string): AsyncGenerator<string> {
  for await (const { campaignId, communityId, at } of cellsOf(db, invoiceId))
    for (const versions of (await exposures.reports(db.read, [{ campaignId, communityId, at }])).values())
      yield* versions.map(({ filtered, ...report }) => asLine({ ...report, filtered: filteredOf(filtered) }));
}

async function* playsOf(
  { plays }: BundleParts,
  db: OpenReads,
  invoiceId: string,
  terminals: Set<string>,
): AsyncGenerator<string> {
  for await (const { campaignId, communityId, at } of cellsOf(db, invoiceId))
    for (const play of await plays.of(db.read, [{ campaignId, communityId, halfHour: at }])) {
      const [terminal = '', epochText = '0', seqText = '0'] = play.id.split(':');
      const [epoch, seq] = [Number(epochText), Number(seqText)];
      if (terminals.size < terminalsMax) terminals.add(terminal);
      const { rowHash } = await rowProof(db.read, { terminal, epoch, stream: 'play' }, seq);
      const { milliTouches, viewable } = play;
      const said: BundlePlay = {
        terminal,
        epoch,
        seq,
        campaign: campaignId,
        communityId,
        halfHour: at,
        milliTouches,
        viewable,
        hash: rowHash,
      };
      yield asLine(said);
    }
}

/** The chains of those screens from their beginning: only so can be seen that nothing was left out. What came by at the door is in none of them. */
async function* journalOf({ clock }: Platform, db: OpenReads, terminals: ReadonlySet<string>): AsyncGenerator<string> {
  const { header } = await databaseSource(db, clock, '');
  const source: JournalSource = {
    header,
    async *streams() {
      for (const terminal of terminals)
        for await (const stream of (await databaseSource(db, clock, terminal)).streams())
          if (stream.stream !== 'door') yield stream;
    },
    close: async () => undefined,
  };
  yield* exportLines(source);
}
