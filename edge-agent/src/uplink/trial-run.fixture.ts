import { readFileSync } from 'node:fs';
import { documentEnvelope, type DocumentKind, type Reported } from '@gatecast/firmware-protocol/messages';
import { systemClock } from '@gatecast/firmware-protocol';
import pino from 'pino';
import { z } from 'zod';
import { Documents } from '../store/documents.ts';
import { loadOrCreateKeys } from '../store/identity.ts';
import { Store } from '../store/store.ts';
import { Desired } from './desired.ts';

/**
 * One run of a terminal that takes its documents from a file in place of the cloud: with the real store, documents and rules of what is brought when. It ends by
 * itself, by `killAt` or by `poison`, a version that no run survives; it prints what is in force when it ends in good order.
 */
const runOrder = z.object({
  dataDir: z.string(),
  claim: z.object({ terminal: z.string(), doorAuthority: z.object({ kid: z.string(), publicKey: z.string() }) }),
  cloud: z.array(documentEnvelope),
  killAt: z.string().nullable(),
  revert: z.object({ kind: z.string(), version: z.int() }).nullable(),
  prove: z.boolean(),
  poison: z.object({ kind: z.string(), version: z.int() }).nullable(),
});
export type RunOrder = z.input<typeof runOrder>;

const { dataDir, claim, cloud, killAt, poison, revert, prove } = runOrder.parse(
  JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')),
);
const cut = (step: string) => {
  if (step === killAt) process.kill(process.pid, 'SIGKILL');
};

/** The power goes right before or right after a commit, or while it is on its way to the disk. */
class CutStore extends Store {
  override async saveDocument(...args: Parameters<Store['saveDocument']>) {
    cut('before the commit');
    const saved = super.saveDocument(...args);
    cut('while it commits');
    await saved;
    cut('after the commit');
  }
  override async endTrial(...args: Parameters<Store['endTrial']>) {
    cut('before it is proven');
    await super.endTrial(...args);
    cut('after it is proven');
  }
  override async revertDocument(...args: Parameters<Store['revertDocument']>) {
    cut('before it is taken back');
    const before = await super.revertDocument(...args);
    cut('after it is taken back');
    return before;
  }
  override async beginRun() {
    cut('before the run is noted');
    await super.beginRun();
    cut('after the run is noted');
  }
}

const store = new CutStore({ dataDir });
await store.start();
await store.beginRun();
const documents = new Documents(store, loadOrCreateKeys(dataDir));
/** Where a real terminal would meet what it cannot bear. */
const meet = (kind: DocumentKind) => {
  if (poison && kind === poison.kind && documents.version(kind) === poison.version) process.exit(7);
};
documents.start();
for (const kind of store.snapshot.documents.keys()) meet(kind);
documents.onChange((kind) => {
  cut('when it is in force');
  meet(kind);
});

const proving: Promise<void>[] = [];
const reports: Reported[] = [];
const kinds = new Set(cloud.map(({ kind }) => kind));
let allTold = () => {};
const told = new Promise<void>((resolve) => (allTold = resolve));
const desired = new Desired({
  api: {
    desired: async () => Object.fromEntries(cloud.map(({ kind, version }) => [kind, version])),
    document: async (kind) => new TextEncoder().encode(JSON.stringify(cloud.find((each) => each.kind === kind))).buffer,
    async report(report) {
      reports.push(report);
      kinds.delete(report.kind);
      if (kinds.size === 0) allTold();
    },
  },
  claim: { ...store.snapshot.claim, ...claim } as ConstructorParameters<typeof Desired>[0]['claim'],
  documents,
  journal: { append: async () => ({ seq: 1 }) },
  clock: systemClock,
  log: pino({ level: 'silent' }),
});
if (prove) {
  const proveNow = (kind: DocumentKind) => {
    const trial = documents.onTrial(kind);
    if (trial) proving.push(documents.endTrial(kind, trial.version).then(() => desired.wake()));
  };
  for (const kind of store.snapshot.documents.keys()) proveNow(kind);
  documents.onChange(proveNow);
}
desired.start();
await told;
if (revert) await desired.revert(revert.kind as DocumentKind, revert.version, 'does-not-work');
await Promise.all(proving);
await desired.stop();
const { trials, refused, values } = store.snapshot;
const state = {
  versions: documents.versions(),
  trials: [...trials],
  refused: [...refused],
  amiss: desired.refused,
  reports,
};
console.log(JSON.stringify({ ...state, denied: values.get('denied') }));
await store.stop();
