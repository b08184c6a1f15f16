import { after, newId } from '@gatecast/firmware-protocol';
import type { DocumentKind, Reported, TerminalConfig } from '@gatecast/firmware-protocol/messages';
import { seal, shortLinkKeyPurpose } from '@gatecast/firmware-protocol/node';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import type { Account } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import { createCommands, type Commands } from './commands.ts';
import type { newTerminal, NewTerminalCreated, Terminal, TerminalSettings, terminalSettingsPatch } from './contract.ts';
import { createDocuments, type Documents } from './documents.ts';
import { createJournalIngest, type JournalIngest } from './ingest.ts';
import { createPresenceBook } from './presence.ts';
import { claimCodeLifeMs, documentState, settingsDefault, wiring } from './rules.ts';
import { createTerminalSignIn, type ClaimHook, type TerminalSignIn } from './sign-in.ts';
import * as rows from './store.ts';

/** A terminal as other slices need it. */
export interface TerminalRef {
  readonly id: string;
  /** Stands for it in QR links. */
  readonly no: number;
  readonly name: string;
  readonly entranceId: string;
  readonly entranceName: string;
  readonly placement: 'gate' | 'unit-door' | 'lift';
  readonly communityId: string;
  readonly companyId: string;
  readonly zone: string;
  readonly claimed: boolean;
  /** X25519, base64url; null before the claim. */
  readonly sealingKey: string | null;
}

/** What other slices may do with terminals. */
export interface Terminals {
  /** Rejects with `not-found`. */
  get(q: Reads, id: string): Promise<TerminalRef>;
  byNo(q: Reads, no: number): Promise<TerminalRef | undefined>;
  ofCommunity(q: Reads, communityId: string): Promise<readonly TerminalRef[]>;
  /** Rejects with `not-found` unless `who` manages the terminal's community. */
  mayManage(q: Reads, who: Manager, terminalId: string): Promise<TerminalRef>;
  /** Makes a version of a document; its hint leaves after the commit. The same body again keeps the version. */
  publishDocument(q: Tx, terminalId: string, kind: DocumentKind, body: unknown): Promise<number>;
  /** Version of a document in force on each of the terminals. */
  appliedVersions(q: Reads, kind: DocumentKind, terminalIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** HMAC key of the terminal's QR links. */
  shortLinkKey(q: Reads, terminalId: string): Promise<Buffer>;
  /** Runs in the transaction of a claim, when the terminal's keys are known. */
  onClaimed(hook: (q: Tx, terminal: TerminalRef) => Promise<void>): void;
}

export interface TerminalsService extends Terminals {
  readonly documents: Documents;
  readonly commands: Commands;
  readonly signIn: TerminalSignIn;
  readonly journal: JournalIngest;
  create(who: Account, input: z.output<typeof newTerminal>, call: Call): Promise<NewTerminalCreated>;
  /** For a repaired or replaced terminal: the old one stays in force until the code is used. */
  renewClaimCode(who: Account, terminalId: string): Promise<NewTerminalCreated>;
  revoke(who: Account, terminalId: string): Promise<Terminal>;
  configure(
    who: Account,
    terminalId: string,
    patch: z.output<typeof terminalSettingsPatch>,
    call: Call,
  ): Promise<Terminal>;
  show(terminalId: string): Promise<Terminal>;
  list(
    who: Manager,
    query: {
      readonly communityId?: string | undefined;
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    },
  ): Promise<Page<Terminal>>;
  report(terminalId: string, report: Reported): Promise<void>;
  flush(): Promise<void>;
}

export function createTerminals(platform: Platform, communities: Communities): TerminalsService {
  const { store, clock, signer, audit } = platform;
  const documents = createDocuments(platform);
  const presences = createPresenceBook(platform, documents);
  const signIn = createTerminalSignIn(platform);

  const find = async (q: Reads, id: string): Promise<rows.PlacedTerminal> => {
    const terminal = await rows.findTerminal(q, { id });
    if (!terminal) throw notFound('terminal');
    return terminal;
  };
  const show = async (terminalId: string): Promise<Terminal> => {
    const [shown] = await shownAll(store.read, [await find(store.read, terminalId)]);
    if (!shown) throw notFound('terminal');
    return shown;
  };
  const shortLinkKey = (q: Reads, terminalId: string) => signer.derive(q, 'short-link-root', platformOwner, terminalId);

  const publishConfig: ClaimHook = async (q, terminal) => {
    if (terminal.sealingKey === null) return;
    const sealedKey = seal(terminal.sealingKey, shortLinkKeyPurpose, await shortLinkKey(q, terminal.id));
    await documents.publish(q, terminal, 'config', configOf(terminal, sealedKey, `${platform.publicUrl()}/q/`));
  };
  signIn.onClaimed(publishConfig);

  const issueClaimCode = async (q: Tx, id: string, code: { readonly hash: string }) => {
    const claimExpiresAt = after(clock.now(), claimCodeLifeMs);
    await q.update(q.t.terminals).set({ claimCodeHash: code.hash, claimExpiresAt }).where(eq(q.t.terminals.id, id));
    return claimExpiresAt;
  };

  return {
    documents,
    commands: createCommands(platform, presences),
    signIn,
    journal: createJournalIngest(platform),
    flush: presences.flush,
    show,
    shortLinkKey,
    onClaimed: (hook) => signIn.onClaimed((q, terminal) => hook(q, refOf(terminal))),
    get: async (q, id) => refOf(await find(q, id)),
    async byNo(q, no) {
      const found = await rows.findTerminal(q, { no });
      return found && refOf(found);
    },
    async ofCommunity(q, communityId) {
      return (await rows.listTerminals(q, { communityId }, '', terminalsPerCommunityMax)).map(refOf);
    },
    async mayManage(q, who, terminalId) {
      const terminal = await find(q, terminalId);
      if (who.role === 'property' && terminal.companyId !== who.companyId) throw notFound('terminal');
      return refOf(terminal);
    },
    publishDocument: async (q, terminalId, kind, body) => documents.publish(q, await find(q, terminalId), kind, body),
    async appliedVersions(q, kind, terminalIds) {
      const found = await rows.documentsOf(q, terminalIds);
      return new Map(found.filter((row) => row.kind === kind).map((row) => [row.terminalId, row.applied ?? 0]));
    },

    create: (who, input, call) =>
      store.tx(async (q) => {
        const code = signIn.newClaimCode();
        const { id } = await once(q, clock, call, async () => {
          const entrance = await communities.entrance(q, input.entranceId);
          if (entrance.communityId !== input.communityId) throw notFound('entrance');
          if (await rows.findTerminal(q, { entranceId: entrance.id })) {
            throw refusal('entrance-taken', 'this entrance has a terminal already');
          }
          const made = newId('terminal');
          await q.insert(q.t.terminals).values(newRow(made, (await rows.highestNo(q)) + 1, input, clock.now()));
          await audit(q, { who, action: 'terminal.create', subject: made });
          return { id: made };
        });
        // Asked again with the same key: the answer cannot be read again, so the code is a new one and the first is void.
        return { id, claimCode: code.code, claimExpiresAt: await issueClaimCode(q, id, code) };
      }),

    renewClaimCode: (who, terminalId) =>
      store.tx(async (q) => {
        const terminal = await find(q, terminalId);
        const code = signIn.newClaimCode();
        await audit(q, { who, action: 'terminal.renew-claim-code', subject: terminal.id });
        return { id: terminal.id, claimCode: code.code, claimExpiresAt: await issueClaimCode(q, terminal.id, code) };
      }),

    async revoke(who, terminalId) {
      await store.tx(async (q) => {
        const terminal = await find(q, terminalId);
        await q.update(q.t.terminals).set({ status: 'revoked' }).where(eq(q.t.terminals.id, terminal.id));
        await signIn.revoke(q, terminal.id);
        await audit(q, { who, action: 'terminal.revoke', subject: terminal.id });
      });
      return show(terminalId);
    },

    async configure(who, terminalId, patch, call) {
      await store.tx((q) =>
        once(q, clock, call, async () => {
          const before = await find(q, terminalId);
          const change = columnsOf({ ...settingsOf(before), ...definedOnly(patch) });
          await q.update(q.t.terminals).set(change).where(eq(q.t.terminals.id, terminalId));
          await audit(q, { who, action: 'terminal.configure', subject: terminalId, facts: { ...patch } });
          await publishConfig(q, { ...before, ...change });
          return null;
        }),
      );
      return show(terminalId);
    },

    async list(who, { communityId, cursor, limit = pageSizeDefault }) {
      const companyId = who.role === 'property' ? who.companyId : undefined;
      const start = cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
      const found = await rows.listTerminals(store.read, { companyId, communityId }, start, limit + 1);
      const page = pageOf(
        found,
        limit,
        ({ id }) => [id],
        (row) => row,
      );
      return { items: await shownAll(store.read, page.items), nextCursor: page.nextCursor };
    },

    report: (terminalId, report) => store.tx(async (q) => documents.report(q, await find(q, terminalId), report)),
  };
}

const terminalsPerCommunityMax = 1_000;

const refOf = (row: rows.PlacedTerminal): TerminalRef => ({
  id: row.id,
  no: row.no,
  name: row.name,
  entranceId: row.entranceId,
  entranceName: row.entranceName,
  placement: row.placement,
  communityId: row.communityId,
  companyId: row.companyId,
  zone: row.zone,
  claimed: row.status === 'active',
  sealingKey: row.sealingKey,
});

const newRow = (
  id: string,
  no: number,
  input: z.output<typeof newTerminal>,
  createdAt: rows.TerminalRow['createdAt'],
) =>
  ({
    id,
    no,
    communityId: input.communityId,
    entranceId: input.entranceId,
    name: input.name,
    status: 'unclaimed',
    epoch: 0,
    ...columnsOf(settingsDefault),
    createdAt,
  }) as const;

const settingsOf = (row: rows.TerminalRow): TerminalSettings => ({
  openMs: row.openMs,
  quiet: { fromMinute: row.quietFromMinute, toMinute: row.quietToMinute },
  volumePercent: row.volumePercent,
});

const columnsOf = ({ openMs, quiet, volumePercent }: TerminalSettings) => ({
  openMs,
  quietFromMinute: quiet.fromMinute,
  quietToMinute: quiet.toMinute,
  volumePercent,
});

/** A patch without the properties that are there but undefined. */
const definedOnly = (patch: z.output<typeof terminalSettingsPatch>): Partial<TerminalSettings> =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));

function configOf(terminal: rows.PlacedTerminal, sealedKey: string, base: string): TerminalConfig {
  const { quiet, volumePercent, openMs } = settingsOf(terminal);
  return {
    communityName: terminal.communityName,
    zone: terminal.zone,
    doors: [
      { entrance: terminal.entranceId, name: terminal.entranceName, placement: terminal.placement, openMs, ...wiring },
    ],
    screen: { quiet, volumePercent },
    shortLinks: { base, terminalNo: terminal.no, sealedKey },
  };
}

async function shownAll(q: Reads, terminals: readonly rows.PlacedTerminal[]): Promise<Terminal[]> {
  const ids = terminals.map(({ id }) => id);
  const presences = new Map((await rows.presencesOf(q, ids)).map((row) => [row.terminalId, row]));
  const documents = await rows.documentsOf(q, ids);
  const documentOf = (terminalId: string, kind: DocumentKind) =>
    documentState(documents.find((row) => row.terminalId === terminalId && row.kind === kind));
  return terminals.map((row) => {
    const presence = presences.get(row.id);
    return {
      id: row.id,
      name: row.name,
      communityId: row.communityId,
      communityName: row.communityName,
      entranceId: row.entranceId,
      entranceName: row.entranceName,
      placement: row.placement,
      zone: row.zone,
      status: row.status,
      online: presence?.online ?? false,
      doorOnline: presence?.doorOnline ?? false,
      lastSeenAt: presence?.lastSeenAt ?? null,
      agentVersion: presence?.agentVersion ?? null,
      settings: settingsOf(row),
      documents: {
        config: documentOf(row.id, 'config'),
        access: documentOf(row.id, 'access'),
        plan: documentOf(row.id, 'plan'),
        media: documentOf(row.id, 'media'),
      },
    };
  });
}
