import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { instant, newId } from '@gatecast/firmware-protocol';
import { batchRowsMax } from '@gatecast/firmware-protocol/messages';
import { BareTerminal } from '../harness/bare-terminal.ts';
import { found } from '../harness/founding.ts';
import { Neighbourhood } from '../harness/neighbourhood.ts';
import type { Bench } from './bench.ts';
import { median, rounded } from './median.ts';

const rounds = 5;
const terminals = 3;
/** A terminal with a backlog sends whole batches. */
const batchRows = batchRowsMax;
const batchesPerRound = 24;
const noticeMs = 100;

/**
 * Journal rows through HTTP as terminals send them: unfolded, parsed, checked against the chain, stored and fsynced, with the access log that is derived from them;
 * beside the same rows put into the same tables and indexes by bare prepared inserts in the same batches, in turns.
 */
export const run: Bench = async (say) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const neighbourhood = new Neighbourhood({ dataDir, portBase: 0, env: { GATECAST_LOG_LEVEL: 'warn' } });
  try {
    await neighbourhood.start();
    const senders = await claimTerminals(neighbourhood);
    const cloud = new Database(join(dataDir, 'cloud', 'cloud.sqlite'), { readonly: true });
    const bare = new BareCopy(cloud, join(dataDir, 'bare.db'));
    const http: number[] = [];
    const direct: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      bare.mark();
      const viaHttp = await sendRound(senders, neighbourhood);
      const viaInserts = bare.repeat();
      say(`round ${round}: ${Math.round(viaHttp)} rows/s through HTTP, ${Math.round(viaInserts)} by bare inserts`);
      // The first round warms both up.
      if (round === 0) continue;
      http.push(viaHttp);
      direct.push(viaInserts);
    }
    cloud.close();
    return {
      rowsPerSecond: Math.round(median(http)),
      bareRowsPerSecond: Math.round(median(direct)),
      ratioToBare: rounded(median(http.map((value, i) => value / (direct[i] ?? Number.NaN)))),
    };
  } finally {
    await neighbourhood.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

async function claimTerminals(neighbourhood: Neighbourhood): Promise<BareTerminal[]> {
  const founded = await found(neighbourhood, terminals);
  return Promise.all(founded.terminals.map(({ claimCode }) => BareTerminal.claim(neighbourhood.cloudUrl, claimCode)));
}

/** All terminals at once, each its batches one after the other, as they do after an outage. Returns rows per second. */
async function sendRound(senders: readonly BareTerminal[], neighbourhood: Neighbourhood): Promise<number> {
  const at = neighbourhood.clock.now();
  const work = senders.map((terminal) => {
    const bodies = Array.from({ length: batchesPerRound / terminals }, () =>
      terminal.packed(terminal.batch('door', instant(at - 60_000_000), openings())),
    );
    return { terminal, bodies };
  });
  // Making them kept this loop busy: connections that the cloud has closed meanwhile are noticed first.
  await sleep(noticeMs);
  const started = performance.now();
  await Promise.all(
    work.map(async ({ terminal, bodies }) => {
      for (const body of bodies) {
        const answer = await terminal.sendPacked(body);
        if (!answer.ok) throw new Error(`the cloud refused a batch: ${await answer.text()}`);
      }
    }),
  );
  return (batchesPerRound * batchRows) / ((performance.now() - started) / 1000);
}

const openings = () =>
  Array.from({ length: batchRows }, () => ({
    kind: 'opened',
    body: { entrance: newId('entrance'), via: 'pin', person: 'resident', pulseMs: 5_000, list: 1, command: null },
    privateData: { credential: newId('credential'), touch: newId('touch') },
  }));

interface Grown {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly unknown[][];
}

/** The same schema in a file of its own, into which the rows that the cloud has just stored go again without any of the cloud's work. */
class BareCopy {
  readonly #cloud: Database.Database;
  readonly #bare: Database.Database;
  readonly #tables: readonly string[];
  #before = new Map<string, number>();

  constructor(cloud: Database.Database, file: string) {
    this.#cloud = cloud;
    this.#bare = new Database(file);
    this.#bare.pragma('journal_mode = WAL');
    this.#bare.pragma('synchronous = FULL');
    // As the cloud's own connection has them: the figure is about the work, not about settings that only one side got.
    this.#bare.pragma('cache_size = -65536');
    this.#bare.pragma('wal_autocheckpoint = 4096');
    const schema = cloud
      .prepare<[], { type: string; name: string; sql: string }>(
        "select type, name, sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by type desc",
      )
      .all();
    for (const { sql } of schema) this.#bare.exec(sql);
    this.#tables = schema.filter(({ type }) => type === 'table').map(({ name }) => name);
    this.#bare.pragma('foreign_keys = OFF');
  }

  mark(): void {
    this.#before = new Map(this.#tables.map((table) => [table, this.#newest(table)]));
  }

  #newest(table: string): number {
    return this.#cloud.prepare<[], { n: number | null }>(`select max(rowid) n from "${table}"`).get()?.n ?? 0;
  }

  #grown(): Grown[] {
    return this.#tables.flatMap((table) => {
      const statement = this.#cloud.prepare(`select * from "${table}" where rowid > ? order by rowid`).raw();
      const rows = statement.all(this.#before.get(table) ?? 0) as unknown[][];
      return rows.length > batchRows ? [{ table, columns: statement.columns().map(({ name }) => name), rows }] : [];
    });
  }

  /** Inserts what the cloud's tables have grown by since `mark`, in as many transactions. Returns journal rows per second. */
  repeat(): number {
    const grown = this.#grown().map(({ table, columns, rows }) => ({
      insert: this.#bare.prepare(`insert into "${table}" values (${columns.map(() => '?').join(',')})`),
      rows,
    }));
    const batches = Array.from({ length: batchesPerRound }, (_, i) =>
      grown.map(({ insert, rows }) => {
        const size = Math.ceil(rows.length / batchesPerRound);
        return { insert, rows: rows.slice(i * size, (i + 1) * size) };
      }),
    );
    const commit = this.#bare.transaction((batch: (typeof batches)[number]) => {
      for (const { insert, rows } of batch) for (const row of rows) insert.run(...row);
    });
    const started = performance.now();
    for (const batch of batches) commit.immediate(batch);
    return (batchesPerRound * batchRows) / ((performance.now() - started) / 1000);
  }
}
