import type {
  DocumentEnvelope,
  DocumentKind,
  DoorStanding,
  HeadProof,
  JournalCheckpoint,
  JournalStream,
  MediaTerms,
  ModeOverride,
  ScreenStanding,
} from '@gatecast/firmware-protocol/messages';
import type { Columns } from '../platform/db/columns.ts';
import { makeCommandTables } from './command-schema.ts';
import type { CommissioningItem, CommissioningRun } from './commissioning-contract.ts';
import type { CloneSighting, DoorSetup, StandingAlarm } from './contract.ts';
import type { JournalDispute } from './journal-disputes.ts';
import type { TemplateSettings } from './template-contract.ts';

export const makeTerminalTables = (c: Columns) => ({
  ...makeFleetTables(c),
  ...makeIdentityTables(c),
  ...makeDocumentTables(c),
  ...makeOrderTables(c),
  ...makeCommandTables(c),
  ...makeJournalTables(c),
  ...makeInstallationTables(c),
});

/** What the screen does, of a terminal. */
const screenColumns = (c: Columns) => ({
  quietFromMinute: c.int().notNull(),
  quietToMinute: c.int().notNull(),
  volumePercent: c.int().notNull(),
  /** A: 1080×1920 and strong enough for it; B: 720×1280. */
  screenProfile: c.text<'A' | 'B'>().notNull().default('B'),
  /** 100: as bright as it can be. */
  brightnessPercent: c.int().notNull().default(100),
  /** How bright in the quiet hours. */
  dimPercent: c.int().notNull().default(60),
  /** Somebody wants the screen to be silent until then. */
  mutedUntil: c.at(),
  /** When and how fast it fetches clips; null: as all do that nobody has told otherwise. */
  mediaTerms: c.json<MediaTerms>(),
});

function makeFleetTables(c: Columns) {
  return {
    terminals: c.table(
      'terminals',
      {
        id: c.text().primaryKey(),
        /** Stands for the terminal in QR links. */
        no: c.int().notNull(),
        communityId: c.text().notNull(),
        entranceId: c.text().notNull(),
        name: c.text().notNull(),
        status: c.text<'unclaimed' | 'active' | 'revoked'>().notNull(),
        /** 0 before the first claim. */
        epoch: c.int().notNull(),
        identityKey: c.text(),
        sealingKey: c.text(),
        claimCodeHash: c.text(),
        claimExpiresAt: c.at(),
        openMs: c.int().notNull(),
        ...screenColumns(c),
        /** Null: built as the reference door is. */
        door: c.json<DoorSetup>(),
        /** Set by hand; it may be over. */
        modeOverride: c.json<ModeOverride>(),
        /** Of the machine, as it last said; null for one that was claimed by a code given to it, until its first word. */
        model: c.text(),
        /** When it got the keys that it has; null of one that got them before this was kept. */
        keysSince: c.at(),
        /** Somebody wants it to have new keys. */
        rotateAskedAt: c.at(),
        /** Two machines have signed in with its key, and nobody has decided yet. */
        cloned: c.json<CloneSighting>(),
        /** The version of the messages that it last said to speak; null: it never said. */
        protocol: c.int(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.uniqueIndex('terminals_no').on(t.no),
        c.uniqueIndex('terminals_entrance').on(t.entranceId),
        c.uniqueIndex('terminals_claim').on(t.claimCodeHash),
        c.index('terminals_identity').on(t.identityKey),
        c.index('terminals_community').on(t.communityId, t.id),
      ],
    ),
    terminalPresence: c.table(
      'terminal_presence',
      {
        terminalId: c.text().primaryKey(),
        online: c.bool().notNull(),
        doorOnline: c.bool().notNull(),
        session: c.text().notNull(),
        monoMs: c.big().notNull(),
        agentVersion: c.text().notNull(),
        lastSeenAt: c.at().notNull(),
        /** As last told; null before the first. */
        doors: c.json<readonly DoorStanding[]>(),
        /** What the screen shows, as last told; null of a terminal that does not tell. */
        screen: c.json<ScreenStanding>(),
      },
      (t) => [c.index('terminal_presence_online').on(t.online, t.lastSeenAt)],
    ),
    /** The last word of the door's journal on each kind of alarm at an entrance. */
    doorAlarms: c.table(
      'door_alarms',
      {
        terminalId: c.text().notNull(),
        entranceId: c.text().notNull(),
        kind: c.text<StandingAlarm['kind']>().notNull(),
        epoch: c.int().notNull(),
        seq: c.big().notNull(),
        active: c.bool().notNull(),
        since: c.at().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.terminalId, t.entranceId, t.kind] })],
    ),
  };
}

function makeIdentityTables(c: Columns) {
  return {
    /** Machines that nobody has claimed yet, as long as they ask. */
    terminalOffers: c.table(
      'terminal_offers',
      {
        id: c.text().primaryKey(),
        identityKey: c.text().notNull(),
        sealingKey: c.text().notNull(),
        model: c.text().notNull(),
        agentVersion: c.text().notNull(),
        /** Null while somebody has the code. */
        codeHash: c.text(),
        codeMadeAt: c.at().notNull(),
        /** A keyed hash of where it asks from, to bound how many one place may have. */
        addressTag: c.text(),
        askedAt: c.at().notNull(),
        /** The digits on its screen, as it last said. */
        shown: c.text(),
        /** Who typed the code, for which community. */
        communityId: c.text(),
        companyId: c.text(),
        seenAt: c.at(),
      },
      (t) => [
        c.uniqueIndex('terminal_offers_identity').on(t.identityKey),
        c.uniqueIndex('terminal_offers_code').on(t.codeHash),
        c.index('terminal_offers_asked').on(t.askedAt),
        c.index('terminal_offers_address').on(t.addressTag),
      ],
    ),
    /** Wrong codes of one company (or the operator) in a quarter of an hour. */
    offerTries: c.table(
      'offer_tries',
      { party: c.text().notNull(), from: c.at().notNull(), tries: c.int().notNull() },
      (t) => [c.primaryKey({ columns: [t.party, t.from] })],
    ),
    /** Keys that a terminal had before. */
    formerTerminalKeys: c.table(
      'former_terminal_keys',
      {
        terminalId: c.text().notNull(),
        epoch: c.int().notNull(),
        identityKey: c.text().notNull(),
        endedAt: c.at().notNull(),
        /** `rotated`: the same machine has new ones; `replaced`: another machine has its place; `revoked`: taken out before it was claimed again. */
        why: c.text<'rotated' | 'replaced' | 'revoked'>().notNull(),
      },
      (t) => [
        c.primaryKey({ columns: [t.terminalId, t.epoch, t.identityKey] }),
        c.index('former_terminal_keys_identity').on(t.identityKey),
      ],
    ),
    /** Where a terminal stands in the row of its sign-ins. */
    terminalSessions: c.table(
      'terminal_sessions',
      {
        terminalId: c.text().notNull(),
        epoch: c.int().notNull(),
        counter: c.big().notNull(),
        mark: c.text().notNull(),
        machine: c.text().notNull(),
        /** Where it signed in from. */
        address: c.text(),
        at: c.at().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.terminalId, t.epoch] })],
    ),
  };
}

function makeDocumentTables(c: Columns) {
  return {
    /** Newest version made, and how far the terminal is. */
    terminalDocuments: c.table(
      'terminal_documents',
      {
        terminalId: c.text().notNull(),
        kind: c.text<DocumentKind>().notNull(),
        desired: c.int().notNull(),
        applied: c.int(),
        appliedAt: c.at(),
        failed: c.int(),
        reason: c.text(),
        /** What became of the version in `failed`; null: it failed. */
        outcome: c.text<'failed' | 'reverted'>(),
        /** The newest version was made for keys that the terminal no longer has; the next one is on its way. */
        withheld: c.bool(),
      },
      (t) => [c.primaryKey({ columns: [t.terminalId, t.kind] })],
    ),
    /** Files that were ordered off the screens, for terminals that connect before they have a manifest made since. */
    stopOrders: c.table(
      'stop_orders',
      {
        no: c.rowId(),
        clips: c.json<readonly string[]>().notNull(),
        /** It holds for what was approved until then. */
        approvedTo: c.at().notNull(),
        /** Null: on every screen. */
        communityIds: c.json<readonly string[]>(),
        /** When it was given; it is forgotten when no manifest made before can be in force any more. */
        at: c.at().notNull(),
      },
      (t) => [c.index('stop_orders_at').on(t.at)],
    ),
    documentVersions: c.table(
      'document_versions',
      {
        terminalId: c.text().notNull(),
        kind: c.text<DocumentKind>().notNull(),
        version: c.int().notNull(),
        hash: c.text().notNull(),
        /** Of a version with `basis`: the part that is the terminal's own, and only while the version is the newest. */
        body: c.json<unknown>().notNull(),
        signature: c.json<NonNullable<DocumentEnvelope['signature']>>(),
        at: c.at().notNull(),
        /** The state of its source that the rest of the body tells; null for a version that is stored whole. */
        basis: c.int(),
        /** Length of the whole body's canonical JSON in UTF-8, for a version with `basis`. */
        bytes: c.int(),
      },
      (t) => [c.primaryKey({ columns: [t.terminalId, t.kind, t.version] })],
    ),
  };
}

function makeOrderTables(c: Columns) {
  return {
    /** Sign-in nonces that have been answered; a nonce works once. */
    usedNonces: c.table('used_nonces', { nonce: c.text().primaryKey(), expiresAt: c.at().notNull() }, (t) => [
      c.index('used_nonces_expiry').on(t.expiresAt),
    ]),
    /** Tokens of the subject issued at or before the second are void. */
    revocations: c.table('revocations', {
      subject: c.text().primaryKey(),
      beforeSecond: c.big().notNull(),
    }),
  };
}

function makeJournalTables(c: Columns) {
  return {
    /** How far each stream is durable here. */
    journalHeads: c.table(
      'journal_heads',
      {
        terminalId: c.text().notNull(),
        epoch: c.int().notNull(),
        stream: c.text<JournalStream>().notNull(),
        seq: c.big().notNull(),
        hash: c.text().notNull(),
        /** The newest checkpoint, which is of this row; null until the first batch that came to a version that signs. */
        checkpoint: c.json<JournalCheckpoint>(),
        /** The newest checkpoint that is kept for good. */
        keptSeq: c.big(),
        keptAt: c.at(),
      },
      (t) => [c.primaryKey({ columns: [t.terminalId, t.epoch, t.stream] })],
    ),
    /** What was signed for a stream in the course of time: what is before each of them cannot be rewritten without it showing. */
    journalCheckpoints: c.table(
      'journal_checkpoints',
      {
        terminalId: c.text().notNull(),
        epoch: c.int().notNull(),
        stream: c.text<JournalStream>().notNull(),
        seq: c.big().notNull(),
        checkpoint: c.json<JournalCheckpoint>().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.terminalId, t.epoch, t.stream, t.seq] })],
    ),
    /** Where a terminal's memory of a stream and ours have parted, with what shows it. */
    journalDisputes: c.table(
      'journal_disputes',
      {
        terminalId: c.text().notNull(),
        epoch: c.int().notNull(),
        stream: c.text<JournalStream>().notNull(),
        /** The first row that differs. */
        seq: c.big().notNull(),
        fault: c.text<JournalDispute['fault']>().notNull(),
        /** Of the last row that the terminal showed. */
        shownSeq: c.big().notNull(),
        shownHash: c.text().notNull(),
        /** The identity key's signature over that row, from terminals that sign. */
        proof: c.json<HeadProof>(),
        /** When it was shown; of the newest one, when anything that is kept already was shown last. */
        at: c.at().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.terminalId, t.epoch, t.stream, t.seq, t.shownHash] })],
    ),
    ...makeJournalRowTables(c),
  };
}

function makeJournalRowTables(c: Columns) {
  return {
    /** The journal as it came, without the parts that name people: those live in the access slice. */
    journalRows: c.table(
      'journal_rows',
      {
        terminalId: c.text().notNull(),
        epoch: c.int().notNull(),
        stream: c.text<JournalStream>().notNull(),
        seq: c.big().notNull(),
        hash: c.text().notNull(),
        kind: c.text().notNull(),
        wallMs: c.at().notNull(),
        monoMs: c.big().notNull(),
        boot: c.text().notNull(),
        clock: c.text().notNull(),
        body: c.json<Readonly<Record<string, unknown>>>().notNull(),
        privateHash: c.text(),
        receivedAt: c.at().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.terminalId, t.epoch, t.stream, t.seq] })],
    ),
    /** From where on a stream is kept: rows before it were deleted when their time was over. The newest one of each stream holds. */
    journalBegins: c.table(
      'journal_begins',
      {
        terminalId: c.text().notNull(),
        epoch: c.int().notNull(),
        stream: c.text<JournalStream>().notNull(),
        /** The last deleted row and its hash, which the first kept row follows from. */
        seq: c.big().notNull(),
        hash: c.text().notNull(),
        at: c.at().notNull(),
        /** The cloud's, over all of that. */
        kid: c.text().notNull(),
        signature: c.text().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.terminalId, t.epoch, t.stream] })],
    ),
    /** Rows that a terminal says it had to drop: the chain goes on after them. */
    journalLosses: c.table(
      'journal_losses',
      {
        terminalId: c.text().notNull(),
        epoch: c.int().notNull(),
        stream: c.text<JournalStream>().notNull(),
        fromSeq: c.big().notNull(),
        toSeq: c.big().notNull(),
        lastHash: c.text().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.terminalId, t.epoch, t.stream, t.fromSeq] })],
    ),
  };
}

function makeInstallationTables(c: Columns) {
  return {
    settingsTemplates: c.table(
      'settings_templates',
      {
        id: c.text().primaryKey(),
        /** Null: the operator's own. */
        companyId: c.text(),
        name: c.text().notNull(),
        settings: c.json<TemplateSettings>().notNull(),
        createdAt: c.at().notNull(),
        changedAt: c.at().notNull(),
      },
      (t) => [c.index('settings_templates_company').on(t.companyId, t.createdAt)],
    ),
    /** Each time that somebody began to prove a door; what was signed never changes. */
    commissioningRuns: c.table(
      'commissioning_runs',
      {
        no: c.rowId(),
        terminalId: c.text().notNull(),
        startedAt: c.at().notNull(),
        startedBy: c.text().notNull(),
        signedAt: c.at(),
        /** As typed by whoever signed, and the account that they used. */
        signedBy: c.text(),
        signedByAccount: c.text(),
        /** What was signed. */
        items: c.json<CommissioningRun['items']>(),
        /** The wiring changed after the signature, or another terminal took its place. */
        staleSince: c.at(),
      },
      (t) => [c.index('commissioning_runs_terminal').on(t.terminalId, t.no)],
    ),
    /** What the door's journal shows of a run, and what somebody said. */
    commissioningItems: c.table(
      'commissioning_items',
      {
        run: c.int().notNull(),
        item: c.text<CommissioningItem>().notNull(),
        seenAt: c.at(),
        said: c.text<'confirmed' | 'failed' | 'absent'>(),
        saidAt: c.at(),
        saidBy: c.text(),
        note: c.text(),
      },
      (t) => [c.primaryKey({ columns: [t.run, t.item] })],
    ),
  };
}
