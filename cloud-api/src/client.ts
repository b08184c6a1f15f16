import type { z } from 'zod';
import type { Alarm, alarmAck, AlarmCounts } from './access/alarm-contract.ts';
import type { AccessEvent } from './access/contract.ts';
import type { Credential, newCard, newPhone, Revocation } from './access/credential-contract.ts';
import type { OwnDoor, OwnRecord } from './access/own-door-contract.ts';
import type {
  AccessSchedule,
  newAccessSchedule,
  newOwnPass,
  newPass,
  Pass,
  PassCreated,
  PassKeysRolled,
  PassPerson,
} from './access/pass-contract.ts';
import type { Trace, Visit } from './attribution/contract.ts';
import type { Booking, Campaign, newBooking, newCampaign, Slot, slotQuery } from './campaigns/contract.ts';
import type {
  Community,
  communityPatch,
  Entrance,
  newCommunity,
  entrancePatch,
  newEntrance,
  newPropertyCompany,
  PropertyCompany,
} from './communities/contract.ts';
import type { applyImport, ResidentImport, undoImport } from './communities/imports/contract.ts';
import type { Building, Holidays, newUnits, Unit, unitPatch, UnitsMade } from './communities/place-contract.ts';
import type {
  newResident,
  Relation,
  Resident,
  residentPatch,
  ResidentProfile,
  ResidentRecord,
  setPin,
} from './communities/resident-contract.ts';
import type { Clip, rejection } from './content/contract.ts';
import type { Exposure } from './exposure/contract.ts';
import type { Pickup, verifyPickup } from './fulfilment/contract.ts';
import type { Deal, newDeal, newOrder, Order } from './groupbuy/contract.ts';
import type {
  ApiKey,
  ApiKeyCreated,
  AuditEntry,
  InvitationCreated,
  InvitationLook,
  invitationAcceptance,
  invitationToken,
  Me,
  newApiKey,
  newInvitation,
  newSupplier,
  OwnSession,
  passwordChange,
  RecoveryCodes,
  Role,
  Session,
  SessionLink,
  signIn,
  smsCodeRequest,
  Supplier,
  TeamMember,
  teamMemberPatch,
  totpCode,
  TotpSetup,
} from './identity/contract.ts';
import type { Merchant, newMerchant, newStore, Store } from './merchants/contract.ts';
import type { newNotice, Notice } from './notices/contract.ts';
import type { Page, Problem } from './platform/contract.ts';
import type { Play } from './plays/contract.ts';
import type { Consent, consentChange, PersonalExport, RecordView } from './privacy/contract.ts';
import type { LedgerEntry } from './settlement/contract.ts';
import type {
  Commissioning,
  CommissioningRun,
  commissioningSignOff,
  commissioningWord,
} from './terminals/commissioning-contract.ts';
import type {
  CommandRecord,
  CommunityMode,
  newCommand,
  newMode,
  newTerminal,
  NewTerminalCreated,
  Terminal,
  terminalSettingsPatch,
} from './terminals/contract.ts';
import type {
  newSettingsTemplate,
  SettingsTemplate,
  TemplateApplied,
  templateApply,
  TemplatePreview,
  templatePreviewRequest,
} from './terminals/template-contract.ts';

export type { Alarm, AlarmCounts } from './access/alarm-contract.ts';
export type { AccessEvent } from './access/contract.ts';
export type { Credential, Delivered, Revocation, ShownCard } from './access/credential-contract.ts';
export type { OwnDoor, OwnRecord } from './access/own-door-contract.ts';
export type { AccessSchedule, Pass, PassCreated, PassPerson } from './access/pass-contract.ts';
export type { Trace, Visit } from './attribution/contract.ts';
export type { Booking, Campaign, Slot } from './campaigns/contract.ts';
export type { Community, Entrance, PropertyCompany } from './communities/contract.ts';
export type { ImportColumn, ResidentImport, RowError } from './communities/imports/contract.ts';
export type { Building, Holidays, Unit, UnitsMade } from './communities/place-contract.ts';
export type { Relation, Resident, ResidentProfile, ResidentRecord } from './communities/resident-contract.ts';
export type { Clip, ClipStatus } from './content/contract.ts';
export type { Exposure } from './exposure/contract.ts';
export type { Pickup } from './fulfilment/contract.ts';
export type { Deal, Order, OrderStatus } from './groupbuy/contract.ts';
export type {
  ApiKey,
  ApiKeyCreated,
  AuditEntry,
  InvitationCreated,
  InvitationLook,
  InvitedRole,
  Me,
  OwnSession,
  RecoveryCodes,
  Role,
  Session,
  SessionLink,
  Supplier,
  TeamMember,
  TotpSetup,
} from './identity/contract.ts';
export type { Merchant, Store } from './merchants/contract.ts';
export type { Notice } from './notices/contract.ts';
export type { Page, Problem } from './platform/contract.ts';
export type { LiveEvent, LiveEventType } from './platform/live-events.ts';
export type { Play } from './plays/contract.ts';
export type { Consent, PersonalExport, RecordView } from './privacy/contract.ts';
export type { LedgerEntry } from './settlement/contract.ts';
export type {
  CommandKind,
  CommandRecord,
  CommunityMode,
  DocumentState,
  DoorSetup,
  StandingAlarm,
  Terminal,
  TerminalSettings,
} from './terminals/contract.ts';
export type { Commissioning, CommissioningItem, CommissioningRun } from './terminals/commissioning-contract.ts';
export type {
  SettingChange,
  SettingsTemplate,
  TemplateApplied,
  TemplatePreview,
  TemplateSettings,
} from './terminals/template-contract.ts';

type Paging = { cursor?: string; limit?: number };

/** Which rows of the access log; all of it must hold. `search`: part of a resident’s name or place, or of a pass’s label. */
export interface AccessEventFilter {
  terminalId?: string;
  communityId?: string;
  entranceId?: string;
  residentId?: string;
  kind?: AccessEvent['kind'];
  via?: NonNullable<AccessEvent['via']>;
  person?: NonNullable<AccessEvent['who']>['person'];
  search?: string;
  from?: number;
  to?: number;
}

/** What a call takes and gives, by method and path; the OpenAPI document at `/openapi.json` says the same with all limits. */
export interface Endpoints {
  'POST /v1/sessions': { body: z.input<typeof signIn>; result: Session };
  'DELETE /v1/sessions/current': { result: null };
  'POST /v1/session-links': { result: SessionLink };
  'POST /v1/sms-codes': { body: z.input<typeof smsCodeRequest>; result: null };
  'GET /v1/me': { result: Me };
  'GET /v1/me/sessions': { query: Paging; result: Page<OwnSession> };
  'DELETE /v1/me/sessions/:id': { result: null };
  'DELETE /v1/me/sessions': { result: null };
  'PUT /v1/me/password': { body: z.input<typeof passwordChange>; result: null };
  'POST /v1/me/totp': { result: TotpSetup };
  'POST /v1/me/totp/confirm': { body: z.input<typeof totpCode>; result: RecoveryCodes };
  'POST /v1/me/totp/remove': { body: z.input<typeof totpCode>; result: null };
  'GET /v1/team': { query: Paging & { role?: Role }; result: Page<TeamMember> };
  'PATCH /v1/team/:id': { body: z.input<typeof teamMemberPatch>; result: TeamMember };
  'POST /v1/invitations': { body: z.input<typeof newInvitation>; result: InvitationCreated };
  'DELETE /v1/invitations/:id': { result: null };
  'POST /v1/invitations/look': { body: z.input<typeof invitationToken>; result: InvitationLook };
  'POST /v1/invitations/accept': { body: z.input<typeof invitationAcceptance>; result: Session };
  'GET /v1/api-keys': { query: Paging; result: Page<ApiKey> };
  'POST /v1/api-keys': { body: z.input<typeof newApiKey>; result: ApiKeyCreated };
  'DELETE /v1/api-keys/:id': { result: null };
  'GET /v1/audit': {
    query: Paging & { actor?: string; action?: string; from?: number; to?: number };
    result: Page<AuditEntry>;
  };
  'GET /v1/suppliers': { query: Paging; result: Page<Supplier> };
  'POST /v1/suppliers': { body: z.input<typeof newSupplier>; result: Supplier };

  'GET /v1/property-companies': { query: Paging; result: Page<PropertyCompany> };
  'POST /v1/property-companies': { body: z.input<typeof newPropertyCompany>; result: PropertyCompany };
  'GET /v1/communities': { query: Paging; result: Page<Community> };
  'POST /v1/communities': { body: z.input<typeof newCommunity>; result: Community };
  'GET /v1/communities/:id/entrances': { query: Paging; result: Page<Entrance> };
  'POST /v1/communities/:id/entrances': { body: z.input<typeof newEntrance>; result: Entrance };
  'PATCH /v1/entrances/:id': { body: z.input<typeof entrancePatch>; result: Entrance };
  'PATCH /v1/communities/:id': { body: z.input<typeof communityPatch>; result: Community };
  'GET /v1/communities/:id/buildings': { query: Paging; result: Page<Building> };
  'GET /v1/communities/:id/units': { query: Paging & { building?: string; search?: string }; result: Page<Unit> };
  'POST /v1/communities/:id/units': { body: z.input<typeof newUnits>; result: UnitsMade };
  'PATCH /v1/units/:id': { body: z.input<typeof unitPatch>; result: Unit };
  'GET /v1/communities/:id/holidays': { result: Holidays };
  'PUT /v1/communities/:id/holidays': { body: Holidays; result: Holidays };
  'GET /v1/communities/:id/residents': {
    query: Paging & {
      search?: string;
      building?: string;
      unitId?: string;
      state?: Resident['state'];
      relation?: Relation;
    };
    result: Page<Resident>;
  };
  'POST /v1/communities/:id/residents': { body: z.input<typeof newResident>; result: Resident };
  'GET /v1/residents/:id': { result: ResidentRecord };
  'PATCH /v1/residents/:id': { body: z.input<typeof residentPatch>; result: Resident };
  'POST /v1/residents/:id/move-out': { result: Resident };
  'DELETE /v1/residents/:id': { result: null };
  'GET /v1/residents/:id/export': { result: PersonalExport };
  'GET /v1/communities/:id/resident-imports': { query: Paging; result: Page<ResidentImport> };
  'POST /v1/communities/:id/resident-imports': {
    query: { filename: string };
    body: Blob;
    result: ResidentImport;
  };
  'GET /v1/resident-imports/:id': { result: ResidentImport };
  'POST /v1/resident-imports/:id/apply': { body: z.input<typeof applyImport>; result: ResidentImport };
  'POST /v1/resident-imports/:id/undo': { body: z.input<typeof undoImport>; result: ResidentImport };
  'GET /v1/me/profile': { result: ResidentProfile };
  'GET /v1/me/export': { result: PersonalExport };
  'DELETE /v1/me': { result: null };
  'GET /v1/me/consents': { result: Page<Consent> };
  'PUT /v1/me/consents/:purpose': { body: z.input<typeof consentChange>; result: Consent };
  'GET /v1/me/record-views': { query: Paging; result: Page<RecordView> };
  'PUT /v1/residents/:id/pin': { body: z.input<typeof setPin>; result: Resident };

  'GET /v1/terminals': { query: Paging & { communityId?: string; alarmed?: string }; result: Page<Terminal> };
  'POST /v1/terminals': { body: z.input<typeof newTerminal>; result: NewTerminalCreated };
  'GET /v1/terminals/:id': { result: Terminal };
  'PATCH /v1/terminals/:id/config': { body: z.input<typeof terminalSettingsPatch>; result: Terminal };
  'PUT /v1/terminals/:id/mode': { body: z.input<typeof newMode>; result: Terminal };
  'PUT /v1/communities/:id/mode': { body: z.input<typeof newMode>; result: CommunityMode };
  'POST /v1/terminals/:id/commands': { body: z.input<typeof newCommand>; result: CommandRecord };
  'GET /v1/commands/:id': { result: CommandRecord };

  'GET /v1/passes': {
    query: Paging & {
      communityId?: string;
      person?: PassPerson;
      state?: Pass['state'];
      search?: string;
      /** `2026-11-23`: valid at some time of that day. */
      day?: string;
      /** Those that this resident asked in. */
      hostId?: string;
    };
    result: Page<Pass>;
  };
  'POST /v1/passes': { body: z.input<typeof newPass>; result: PassCreated };
  'GET /v1/passes/:id': { result: Pass };
  'DELETE /v1/passes/:id': { result: Pass };
  'GET /v1/passes/:id/cards': { query: Paging; result: Page<Credential> };
  'POST /v1/communities/:id/pass-keys/roll': { result: PassKeysRolled };
  'POST /v1/passes/:id/cards': { body: z.input<typeof newCard>; result: Credential };
  'GET /v1/residents/:id/credentials': { query: Paging; result: Page<Credential> };
  'PUT /v1/residents/:id/duress-pin': { body: z.input<typeof setPin>; result: null };
  'DELETE /v1/residents/:id/duress-pin': { result: null };
  'POST /v1/residents/:id/cards': { body: z.input<typeof newCard>; result: Credential };
  'GET /v1/residents/:id/revocation': { result: Revocation };
  'DELETE /v1/credentials/:id': { result: Credential };
  'GET /v1/communities/:id/access-schedules': { query: Paging; result: Page<AccessSchedule> };
  'POST /v1/communities/:id/access-schedules': { body: z.input<typeof newAccessSchedule>; result: AccessSchedule };
  'PUT /v1/access-schedules/:id': { body: z.input<typeof newAccessSchedule>; result: AccessSchedule };
  'DELETE /v1/access-schedules/:id': { result: null };
  'GET /v1/me/passes': { query: Paging; result: Page<Pass> };
  'POST /v1/me/passes': { body: z.input<typeof newOwnPass>; result: PassCreated };
  'DELETE /v1/me/passes/:id': { result: Pass };
  'GET /v1/me/doors': { result: Page<OwnDoor> };
  'POST /v1/me/doors/:id/open': { result: CommandRecord };
  'GET /v1/me/commands/:id': { result: CommandRecord };
  'GET /v1/me/credentials': { query: Paging; result: Page<Credential> };
  'POST /v1/me/phones': { body: z.input<typeof newPhone>; result: Credential };
  'DELETE /v1/me/credentials/:id': { result: Credential };
  'GET /v1/me/records': { query: Paging; result: Page<OwnRecord> };
  /** As CSV: `GET /v1/access-events/export` with the same filter; it streams a file, so fetch it by `requestOf`. */
  'GET /v1/access-events': { query: Paging & AccessEventFilter; result: Page<AccessEvent> };
  'GET /v1/alarms': {
    query: Paging & { communityId?: string; terminalId?: string; state?: 'open' | 'all'; kind?: Alarm['kind'] };
    result: Page<Alarm>;
  };
  'GET /v1/alarm-counts': { query: { communityId?: string }; result: AlarmCounts };
  'POST /v1/alarms/:id/ack': { body: z.input<typeof alarmAck>; result: Alarm };

  'GET /v1/notices': {
    query: Paging & { communityId?: string; state?: 'current' | 'all' };
    result: Page<Notice>;
  };
  'POST /v1/notices': { body: z.input<typeof newNotice>; result: Notice };
  'DELETE /v1/notices/:id': { result: Notice };

  'GET /v1/settings-templates': { query: Paging; result: Page<SettingsTemplate> };
  'POST /v1/settings-templates': { body: z.input<typeof newSettingsTemplate>; result: SettingsTemplate };
  'PUT /v1/settings-templates/:id': { body: z.input<typeof newSettingsTemplate>; result: SettingsTemplate };
  'DELETE /v1/settings-templates/:id': { result: null };
  'POST /v1/settings-templates/:id/preview': {
    body: z.input<typeof templatePreviewRequest>;
    result: TemplatePreview;
  };
  'POST /v1/settings-templates/:id/apply': { body: z.input<typeof templateApply>; result: TemplateApplied };

  'GET /v1/terminals/:id/commissioning': { result: Commissioning };
  /** Begins anew; what was said before stays in the history. */
  'POST /v1/terminals/:id/commissioning': { result: Commissioning };
  'PUT /v1/terminals/:id/commissioning/:item': { body: z.input<typeof commissioningWord>; result: Commissioning };
  'POST /v1/terminals/:id/commissioning/sign-off': {
    body: z.input<typeof commissioningSignOff>;
    result: Commissioning;
  };
  'GET /v1/terminals/:id/commissioning-runs': { query: Paging; result: Page<CommissioningRun> };

  'GET /v1/merchants': { query: Paging; result: Page<Merchant> };
  'POST /v1/merchants': { body: z.input<typeof newMerchant>; result: Merchant };
  'GET /v1/stores': { query: Paging & { communityId?: string }; result: Page<Store> };
  'POST /v1/stores': { body: z.input<typeof newStore>; result: Store };

  'GET /v1/clips': { query: Paging & { status?: string }; result: Page<Clip> };
  'POST /v1/clips': { query: { title: string; house?: string }; body: Blob; result: Clip };
  'GET /v1/clips/:id': { result: Clip };
  'POST /v1/clips/:id/approve': { result: Clip };
  'POST /v1/clips/:id/reject': { body: z.input<typeof rejection>; result: Clip };

  'GET /v1/slots': { query: z.input<typeof slotQuery>; result: Page<Slot> };
  'GET /v1/campaigns': { query: Paging; result: Page<Campaign> };
  'POST /v1/campaigns': { body: z.input<typeof newCampaign>; result: Campaign };
  'GET /v1/bookings': { query: Paging & { campaignId?: string }; result: Page<Booking> };
  'POST /v1/bookings': { body: z.input<typeof newBooking>; result: Booking };
  'GET /v1/bookings/:id': { result: Booking };
  'GET /v1/exposures': { query: Paging & { campaignId?: string }; result: Page<Exposure> };
  'GET /v1/plays': { query: Paging & { terminalId?: string }; result: Page<Play> };
  'GET /v1/traces': { query: Paging & { campaignId?: string; dealId?: string }; result: Page<Trace> };

  'GET /v1/visits/:id': { result: Visit };
  'GET /v1/deals': { query: Paging & { communityId?: string }; result: Page<Deal> };
  'POST /v1/deals': { body: z.input<typeof newDeal>; result: Deal };
  'GET /v1/deals/:id': { result: Deal };
  'GET /v1/orders': { query: Paging & { dealId?: string }; result: Page<Order> };
  'POST /v1/orders': { body: z.input<typeof newOrder>; result: Order };
  'GET /v1/orders/:id': { result: Order };
  'POST /v1/orders/:id/cancel': { result: Order };
  'POST /v1/pickups/verify': { body: z.input<typeof verifyPickup>; result: Pickup };
  'GET /v1/ledger': { query: Paging & { account?: string }; result: Page<LedgerEntry> };
}

export type Endpoint = keyof Endpoints;
type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;
type Params<E extends string> = [ParamNames<E>] extends [never]
  ? { params?: never }
  : { params: Record<ParamNames<E>, string> };
type Body<E extends Endpoint> = Endpoints[E] extends { body: infer B } ? { body: B } : { body?: never };
type Query<E extends Endpoint> = Endpoints[E] extends { query: infer Q }
  ? Record<string, never> extends Q
    ? { query?: Q }
    : { query: Q }
  : { query?: never };
export type CallOptions<E extends Endpoint> = Params<E> &
  Body<E> &
  Query<E> & {
    /** Makes a write safe to repeat; the same key always gets the first answer. */
    idempotencyKey?: string;
    signal?: AbortSignal;
  };

/** Every code of a refusal that the cloud has. */
export type { ErrorCode } from './platform/errors.ts';

/** The cloud said no. `problem.code` is stable; `offline` stands for no answer at all. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.title, options);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

export interface ClientOptions {
  /** `''` for the page's own origin. */
  readonly base: string;
  readonly token: () => string | undefined;
}

export type Client = <E extends Endpoint>(endpoint: E, options: CallOptions<E>) => Promise<Endpoints[E]['result']>;

/** The typed client of the dashboards and the tests. Rejects with ApiError. */
export function createClient({ base, token }: ClientOptions): Client {
  return async (endpoint, options) => {
    const { url, init } = requestOf(base, endpoint, options as LooseOptions, token());
    const answer = await fetch(url, init).catch((cause: unknown) => {
      throw new ApiError({ type: 'about:blank', title: 'no answer', status: 0, code: 'offline' }, { cause });
    });
    const text = await answer.text();
    const body = parseJson(text);
    if (!answer.ok) throw new ApiError(problemOf(answer.status, body));
    return body as never;
  };
}

interface LooseOptions {
  readonly params?: Record<string, string> | undefined;
  readonly query?: Record<string, string | number | undefined> | undefined;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** The request that a call stands for; for an upload with progress, which fetch cannot show. */
export function requestOf(
  base: string,
  endpoint: string,
  options: LooseOptions,
  token: string | undefined,
): { readonly url: string; readonly init: RequestInit } {
  const [method = 'GET', template = ''] = endpoint.split(' ');
  const path = template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(options.params?.[name] ?? ''));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(options.query ?? {}))
    if (value !== undefined) query.set(key, String(value));
  const search = query.size > 0 ? `?${query.toString()}` : '';
  const headers: Record<string, string> = { accept: 'application/json' };
  if (token) headers['authorization'] = `Bearer ${token}`;
  if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey;
  const init: RequestInit = { method, headers, signal: options.signal ?? null };
  if (options.body instanceof Blob) init.body = options.body;
  else if (options.body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(options.body);
  }
  return { url: `${base}${path}${search}`, init };
}

/** The value of a JSON text; null for none, undefined for what is not JSON. */
function parseJson(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's HTML page, say: the caller turns it into `unreadable-answer`.
    return undefined;
  }
}

function problemOf(status: number, body: unknown): Problem {
  if (typeof body === 'object' && body !== null && 'code' in body) return body as Problem;
  return { type: 'about:blank', title: `HTTP ${status}`, status, code: 'unreadable-answer' };
}
