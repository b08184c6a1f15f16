import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { claimResponse, terminalConfig, type ClaimResponse } from '@gatecast/firmware-protocol/messages';
import Database from 'better-sqlite3';
import { OsdpWiring } from '../door/drivers/osdp-wiring.ts';
import { valueKeys } from '../store/snapshot.ts';
import type { Finding } from './finding.ts';

export interface Stored {
  readonly claim: ClaimResponse | undefined;
  /** Where the broker is, as the cloud said last. */
  readonly brokerUrl: string | undefined;
  /** Of the OSDP devices that the configuration in force names. */
  readonly addresses: readonly number[];
  readonly findings: readonly Finding[];
}

const nothing: Stored = {
  claim: undefined,
  brokerUrl: undefined,
  addresses: [],
  findings: [
    { check: 'claim', state: 'warn', code: 'unclaimed' },
    { check: 'documents', state: 'warn', code: 'documents-none' },
  ],
};

/** What the terminal's database says, read beside an agent that may be writing it. */
export function readStored(dataDir: string): Stored {
  const file = join(dataDir, 'terminal.db');
  if (!existsSync(file)) return nothing;
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true });
    try {
      return read(db);
    } finally {
      db.close();
    }
  } catch (error) {
    const about = error instanceof Error ? error.message : String(error);
    return { ...nothing, findings: [{ check: 'documents', state: 'bad', code: 'database-unreadable', about }] };
  }
}

function read(db: Database.Database): Stored {
  const value = db.prepare<[string], { value: string }>('SELECT value FROM kv WHERE key = ?');
  const stored = value.get(valueKeys.claim);
  const claim = stored && claimResponse.parse(JSON.parse(stored.value));
  const versions = db
    .prepare<[], { kind: string; version: number }>('SELECT kind, max(version) AS version FROM documents GROUP BY kind')
    .all();
  const config = db
    .prepare<[], { body: string }>("SELECT body FROM documents WHERE kind = 'config' ORDER BY version DESC LIMIT 1")
    .get();
  const doors = config ? (terminalConfig.safeParse(JSON.parse(config.body)).data?.doors ?? []) : [];
  return {
    claim,
    brokerUrl: value.get(valueKeys.brokerUrl)?.value ?? claim?.brokerUrl,
    addresses: new OsdpWiring(doors).addresses,
    findings: [
      claim
        ? { check: 'claim', state: 'good', code: 'claimed', about: claim.terminal }
        : { check: 'claim', state: 'warn', code: 'unclaimed' },
      versions.length > 0
        ? {
            check: 'documents',
            state: 'good',
            code: 'documents-in-force',
            about: versions.map(({ kind, version }) => `${kind} ${version}`).join(', '),
          }
        : { check: 'documents', state: 'warn', code: 'documents-none' },
    ],
  };
}
