import { after, minutes } from '@gatecast/firmware-protocol';
import { protocolUnsaid, type DocumentKind, type Reported } from '@gatecast/firmware-protocol/messages';
import type { Communities, Manager } from '../communities/service.ts';
import { keptBy, type Keeper } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { createClaims, type Claims } from './claims.ts';
import { keepEvidence } from './commissioning-evidence.ts';
import { testSpans } from './commissioning-store.ts';
import { createCommissioning, type CommissioningDesk } from './commissioning.ts';
import { createCommands, type Commands } from './commands.ts';
import { createConfigDocuments, type ConfigDocuments } from './config-document.ts';
import type { Terminal } from './contract.ts';
import type { Composer } from './documents-answer.ts';
import { newestVersion, oldestBasis } from './documents-store.ts';
import { createDigitsAlarm, type DigitsAlarm } from './digits-alarm.ts';
import { createDocuments, type AppliedHook, type ComposedVersion, type Documents } from './documents.ts';
import { answerHelp, isAlarmed, keepDoorAlarms } from './door-alarms.ts';
import { doorsOf, type Door } from './doors.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createJournalIngest, type JournalIngest } from './ingest.ts';
import { retainJournal } from './journal-retention.ts';
import { createKeyRotation, type KeyRotation } from './key-rotation.ts';
import { createModes, type Modes } from './modes.ts';
import { createOfferDesk, type OfferDesk } from './offer-desk.ts';
import { suitors } from './offer-pairing.ts';
import { createOffers, type Offers } from './offers.ts';
import { createPresenceBook } from './presence.ts';
import { claimedNumber, isScreenToken, screenToken } from './screen-token.ts';
import { createSettingsDesk } from './settings.ts';
import { showTerminals } from './show.ts';
import { createTerminalSignIn, type TerminalSignIn } from './sign-in.ts';
import { stopAfterCommit, type ClipStop } from './stop-orders.ts';
import * as rows from './store.ts';
import { createTemplates, type Templates } from './templates.ts';
import { createWall, type Wall } from './wall.ts';

/** A terminal as other slices need it. */
export interface TerminalRef {
  readonly id: string;
  /** Stands for it in QR links. */
  readonly no: number;
  readonly name: string;
  readonly entranceId: string;
  readonly entranceName: string;
  readonly placement: 'gate' | 'unit-door' | 'lift';
  /** Which files its screen plays: A 1080×1920, B 720×1280. */
  readonly screenProfile: 'A' | 'B';
  readonly communityId: string;
  readonly companyId: string;
  readonly zone: string;
  readonly claimed: boolean;
  /** X25519, base64url; null before the claim. */
  readonly sealingKey: string | null;
  /** Version of the messages that it speaks, as far as it said. */
  readonly protocol: number;
}

/** What is stored of a version that is put together. */
interface StoredComposed {
  readonly version: number;
  readonly hash: string;
  /** The terminal's own part; undefined of a version that is stored whole. */
  readonly own: unknown;
}

/** What other slices may do with terminals. */
export interface Terminals {
  /** Rejects with `not-found`. */
  get(q: Reads, id: string): Promise<TerminalRef>;
  byNo(q: Reads, no: number): Promise<TerminalRef | undefined>;
  /** What it is called and whose it is, where only its id is known. */
  listed(q: Reads, id: string): Promise<{ readonly name: string; readonly ownerId: string } | undefined>;
  ofCommunity(q: Reads, communityId: string): Promise<readonly TerminalRef[]>;
  /** How many are in service, everywhere. */
  inService(q: Reads): Promise<number>;
  /** Doors with a terminal in service. */
  doorsOf(q: Reads, communityId: string): Promise<readonly Door[]>;
  /** Rejects with `not-found` unless `who` manages the terminal's community. */
  mayManage(q: Reads, who: Manager, terminalId: string): Promise<TerminalRef>;
  /** The same of many at once. */
  mayManageAll(q: Reads, who: Manager, terminalIds: readonly string[]): Promise<void>;
  /** Rejects with `not-found` unless `who` keeps the doors of the terminal's community. */
  mayKeep(q: Reads, who: Keeper, terminalId: string): Promise<TerminalRef>;
  /** Makes a version of a document; its hint leaves after the commit. The same body again keeps the version. */
  publishDocument(q: Tx, terminalId: string, kind: DocumentKind, body: unknown): Promise<number>;
  /** As `publishDocument`, of a body that the caller keeps and puts together again whenever somebody asks. */
  publishComposed(q: Tx, terminalId: string, kind: DocumentKind, composed: ComposedVersion): Promise<number>;
  composeWith(kind: DocumentKind, composer: Composer): void;
  /** Has files leave the screens after the commit, before manifests without them are made. */
  stopClips(q: Tx, stop: ClipStop): Promise<void>;
  /** The newest version of a document with the part that is the terminal's own; undefined before the first. */
  newestComposed(q: Reads, terminalId: string, kind: DocumentKind): Promise<StoredComposed | undefined>;
  /** The oldest basis from which one of the terminals may ask for a difference; null: none does. */
  oldestBasis(q: Reads, terminalIds: readonly string[], kind: DocumentKind): Promise<number | null>;
  /** The terminal has new keys: what was made for the old ones is shown to nobody, and nothing is in force. */
  withholdDocument(q: Tx, terminalId: string, kind: DocumentKind): Promise<void>;
  /** Runs in the transaction in which a terminal says that a version is in force. */
  onApplied(hook: AppliedHook): void;
  /** Version of a document in force on each of the terminals. */
  appliedVersions(q: Reads, kind: DocumentKind, terminalIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Runs in the transaction in which a terminal is known to speak another version of the messages than before. */
  onProtocol(hook: (q: Tx, terminal: TerminalRef) => Promise<void>): void;
  /** What the terminal says that it is: releases are built for it. */
  noteModel(q: Tx, terminalId: string, model: string): Promise<void>;
  /** When these terminals were being tested by who installs them. */
  testSpans: typeof testSpans;
  /** HMAC key of the terminal's QR links. */
  shortLinkKey(q: Reads, terminalId: string): Promise<Buffer>;
  /** The terminal whose screen shows this token; undefined for a token that we did not make. */
  byScreenToken(q: Reads, token: string): Promise<TerminalRef | undefined>;
  /** The token that the terminal's screen shows. */
  screenToken(q: Reads, terminal: Pick<TerminalRef, 'id' | 'no'>): Promise<string>;
  /** Body of the newest version that was made of a document; undefined before the first. */
  newestBody(q: Reads, terminalId: string, kind: DocumentKind): Promise<unknown>;
  /** Runs in the transaction in which a terminal turns out to have another kind of screen. */
  onRescreened(hook: (q: Tx, terminal: TerminalRef) => Promise<void>): void;
  /** Runs in the transaction in which a new terminal turns out to show other digits than the console. */
  onDigitsDiffer(hook: Parameters<DigitsAlarm['onRaised']>[0]): void;
  /** Runs in the transaction of a claim, when the terminal's keys are known. */
  onClaimed(hook: (q: Tx, terminal: TerminalRef) => Promise<void>): void;
  /** Runs in the transaction in which a terminal gets new keys in its epoch. */
  onRotated(hook: (q: Tx, terminal: TerminalRef) => Promise<void>): void;
  /** Somebody has seen to whoever called for help there. */
  answerHelp(q: Tx, terminalId: string, entranceId: string): Promise<void>;
}

interface TerminalQuery {
  readonly communityId?: string | undefined;
  /** Only those at which something is raised. */
  readonly alarmed?: boolean | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export interface TerminalsService extends Terminals {
  readonly fleet: Fleet;
  readonly templates: Templates;
  readonly commissioning: CommissioningDesk;
  readonly modes: Modes;
  readonly wall: Wall;
  /** Silences a screen from now on; 0 minutes: it may be heard again. */
  mute(who: Manager, terminalId: string, mute: { readonly minutes: number }): Promise<void>;
  readonly claims: Claims;
  readonly offers: Offers;
  readonly offerDesk: OfferDesk;
  readonly keys: KeyRotation;
  readonly signIn: TerminalSignIn;
  readonly documents: Documents;
  readonly commands: Commands;
  readonly journal: JournalIngest;
  show(who: Keeper, terminalId: string): Promise<Terminal>;
  list(who: Keeper, query: TerminalQuery): Promise<Page<Terminal>>;
  report(terminalId: string, report: Reported): Promise<void>;
  /** Writes the presences that are still in memory. */
  flush(): Promise<void>;
}

export function createTerminals(platform: Platform, communities: Communities): TerminalsService {
  const { store, clock } = platform;
  const documents = createDocuments(platform);
  const presences = createPresenceBook(platform, documents);
  const claims = createClaims(platform);
  const keys = createKeyRotation(platform);
  const configs = createConfigDocuments(platform, documents, claims, keys);
  const settings = createSettingsDesk(platform, configs);
  const fleet = createFleet(platform, communities, settings, claims);
  const suitorOf = suitors(platform, communities);
  const digitsAlarm = createDigitsAlarm(platform);
  keepDoorAlarms(platform);
  keepEvidence(platform, settings, claims);
  retainJournal(platform);
  communities.onRenamed(async (q, communityId) => {
    for (const terminal of await rows.listTerminals(q, { communityId }, '', rows.terminalsPerCommunityMax))
      await configs.publish(q, terminal);
  });

  return {
    ...outward(platform, documents, configs, claims, keys),
    stopClips: (q, stop) => stopAfterCommit(platform, q, stop),
    onRescreened: (hook) => settings.onRescreened((q, terminal) => hook(q, refOf(terminal))),
    mute: (who, terminalId, { minutes: muted }) =>
      store.tx(async (q) => {
        const until = muted === 0 ? null : after(clock.now(), minutes(muted));
        await settings.mute(q, who, await find(q, terminalId), until);
      }),
    onDigitsDiffer: (hook) => digitsAlarm.onRaised(hook),
    fleet,
    offers: createOffers(platform, { claims, suitorOf, digitsAlarm }),
    offerDesk: createOfferDesk(platform, { communities, claims, fleet, suitorOf, digitsAlarm }),
    keys,
    templates: createTemplates(platform, settings),
    commissioning: createCommissioning(platform),
    modes: createModes(platform, configs),
    wall: createWall(platform),
    claims,
    signIn: createTerminalSignIn(platform),
    documents,
    commands: createCommands(platform, presences),
    journal: createJournalIngest(platform),
    flush: () => presences.flush(),
    async show(who, terminalId) {
      const [shown] = await showTerminals(store.read, who, [await find(store.read, terminalId)], clock.now());
      if (!shown) throw notFound('terminal');
      return shown;
    },
    async list(who, { communityId, alarmed, cursor, limit = pageSizeDefault }) {
      const start = cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
      const condition = alarmed ? isAlarmed(store.read, who, clock.now()) : undefined;
      const found = await rows.listTerminals(store.read, { ...keptBy(who), communityId, condition }, start, limit + 1);
      const { items, nextCursor } = pageOf(
        found,
        limit,
        ({ id }) => [id],
        (row) => row,
      );
      return { items: await showTerminals(store.read, who, items, clock.now()), nextCursor };
    },
    report: (terminalId, report) => store.tx(async (q) => documents.report(q, await find(q, terminalId), report)),
  };
}

/** The part for other slices. */
function outward(
  { clock }: Platform,
  documents: Documents,
  configs: ConfigDocuments,
  claims: Claims,
  keys: KeyRotation,
): Omit<Terminals, 'onDigitsDiffer' | 'onRescreened' | 'stopClips'> {
  return {
    testSpans,
    doorsOf: (q, communityId) => doorsOf(q, communityId, clock.now()),
    get: async (q, id) => refOf(await find(q, id)),
    async listed(q, id) {
      const found = await rows.findTerminal(q, { id });
      return found && { name: found.name, ownerId: found.communityId };
    },
    async byNo(q, no) {
      const found = await rows.findTerminal(q, { no });
      return found && refOf(found);
    },
    ofCommunity: async (q, communityId) =>
      (await rows.listTerminals(q, { communityId }, '', rows.terminalsPerCommunityMax)).map(refOf),
    inService: rows.countActive,
    mayManage: mayKeep,
    mayManageAll,
    mayKeep,
    publishDocument: async (q, terminalId, kind, body) => documents.publish(q, await find(q, terminalId), kind, body),
    publishComposed: async (q, terminalId, kind, composed) =>
      documents.publishComposed(q, await find(q, terminalId), kind, composed),
    composeWith: (kind, composer) => documents.composeWith(kind, composer),
    async newestComposed(q, terminalId, kind) {
      const row = await newestVersion(q, terminalId, kind);
      return row && { version: row.version, hash: row.hash, own: row.basis === null ? undefined : row.body };
    },
    oldestBasis,
    withholdDocument: (q, terminalId, kind) => documents.withhold(q, terminalId, kind),
    onApplied: (hook) => documents.onApplied(hook),
    async appliedVersions(q, kind, terminalIds) {
      const found = await rows.documentsOf(q, terminalIds);
      return new Map(found.filter((row) => row.kind === kind).map((row) => [row.terminalId, row.applied ?? 0]));
    },
    onProtocol: (hook) => documents.onProtocol(async (q, id) => hook(q, refOf(await find(q, id)))),
    noteModel: rows.noteModel,
    shortLinkKey: (q, terminalId) => configs.shortLinkKey(q, terminalId),
    async byScreenToken(q, token) {
      const no = claimedNumber(token);
      const found = no === undefined ? undefined : await rows.findTerminal(q, { no });
      if (!found) return undefined;
      return isScreenToken(token, found.no, await configs.shortLinkKey(q, found.id)) ? refOf(found) : undefined;
    },
    screenToken: async (q, { id, no }) => screenToken(no, await configs.shortLinkKey(q, id)),
    newestBody: async (q, terminalId, kind) => (await newestVersion(q, terminalId, kind))?.body,
    answerHelp,
    onClaimed: (hook) => claims.onClaimed((q, terminal) => hook(q, refOf(terminal))),
    onRotated: (hook) => keys.onRotated((q, terminal) => hook(q, refOf(terminal))),
  };
}

async function mayKeep(q: Reads, who: Keeper, terminalId: string): Promise<TerminalRef> {
  const terminal = await find(q, terminalId);
  const { companyId, communityIds } = keptBy(who);
  if (companyId !== undefined && terminal.companyId !== companyId) throw notFound('terminal');
  if (communityIds !== undefined && !communityIds.includes(terminal.communityId)) throw notFound('terminal');
  return refOf(terminal);
}

async function mayManageAll(q: Reads, who: Manager, terminalIds: readonly string[]): Promise<void> {
  const { companyId } = keptBy(who);
  const companies = await rows.companiesOf(q, terminalIds);
  const isOwn = (id: string) => companies.has(id) && (companyId === undefined || companies.get(id) === companyId);
  if (!terminalIds.every(isOwn)) throw notFound('terminal');
}

async function find(q: Reads, id: string): Promise<rows.PlacedTerminal> {
  const terminal = await rows.findTerminal(q, { id });
  if (!terminal) throw notFound('terminal');
  return terminal;
}

const refOf = (row: rows.PlacedTerminal): TerminalRef => ({
  id: row.id,
  no: row.no,
  name: row.name,
  entranceId: row.entranceId,
  entranceName: row.entranceName,
  placement: row.placement,
  screenProfile: row.screenProfile,
  communityId: row.communityId,
  companyId: row.companyId,
  zone: row.zone,
  claimed: row.status === 'active',
  sealingKey: row.sealingKey,
  protocol: row.protocol ?? protocolUnsaid,
});
