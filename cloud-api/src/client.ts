import type { Endpoints } from './endpoints.ts';
import type { Problem } from './platform/contract.ts';

export type { AccessEventFilter, Endpoints } from './endpoints.ts';
export type { Alarm, AlarmCounts } from './access/alarm-contract.ts';
export type { AccessEvent } from './access/contract.ts';
export type { Credential, Delivered, Revocation, ShownCard } from './access/credential-contract.ts';
export type { OwnDoor, OwnRecord } from './access/own-door-contract.ts';
export type { AccessSchedule, Pass, PassCreated, PassPerson } from './access/pass-contract.ts';
export type { Trace, Visit } from './attribution/contract.ts';
export type {
  AudienceAccuracy,
  AudienceForecast,
  HolidayYear,
  AudienceHalfHour,
  CommunityAccuracy,
  OwnSegment,
  RankedCommunity,
} from './audience/contract.ts';
export type { AdvertHere } from './campaigns/contract.ts';
export type { ListedReport, Report, ReportDelivery, ReportSchedule } from './scheduled-reports/contract.ts';
export type { CampaignFunnel, CampaignResult } from './results/contract.ts';
export type { HeatMap, Sold, SoldCommunity, SoldWeek } from './sell-through/contract.ts';
export type {
  Dispute,
  DisputeWithEvidence,
  Invoice,
  InvoiceLine,
  OwnersAccount,
  PublicIncome,
  QuarterIncome,
} from './billing/contract.ts';
export type { Booking, Campaign, Quote, Slot } from './campaigns/contract.ts';
export type { BehindLine, Progress, ReplanRun } from './delivery/contract.ts';
export type { Community, Entrance, PropertyCompany } from './communities/contract.ts';
export type { Complaint, ComplaintAbout, ComplaintCounts, OwnComplaint, ScreenFace } from './complaints/contract.ts';
export type { WallScreen, WallShow } from './screen-wall/contract.ts';
export type { ImportColumn, ResidentImport, RowError } from './communities/imports/contract.ts';
export type { Building, Holidays, Unit, UnitsMade } from './communities/place-contract.ts';
export type { Relation, Resident, ResidentProfile, ResidentRecord } from './communities/resident-contract.ts';
export type { Category, CheckItem } from './content/categories.ts';
export type { Clip, ClipStatus } from './content/contract.ts';
export type { ConverterHealth } from './content/converter-contract.ts';
export type { ClipPhoto, NewMadeClip, ReopenedRecipe } from './content/maker/recipe.ts';
export type { ClipUpload } from './content/upload-contract.ts';
export type { Permit } from './content/permit-contract.ts';
export type { CategoryInfo, ClipScreens, ReviewStep } from './content/review-contract.ts';
export type { Exposure } from './exposure/contract.ts';
export type { Lift } from './lift/contract.ts';
export type { FleetCommunity, FleetCounts, FleetState, FleetSummary, FleetTerminal } from './fleet/contract.ts';
export type { Channel, ChannelCreated, FleetAlarm, NewChannel, Silence } from './fleet/alarms/contract.ts';
export type { HealthReport } from '@gatecast/firmware-protocol/messages';
export type { TerminalHealth, TrendSpan } from './fleet/health/contract.ts';
export type { Story, StoryItem, StoryKind, StorySubject } from './fleet/story/contract.ts';
export type { Vitals, VitalsSample } from './fleet/vitals/contract.ts';
export type { AssignmentPreview, Release, ReleaseTerminal } from './releases/contract.ts';
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
export type {
  Blackout,
  DayPrices,
  OwnerDecision,
  RateCard,
  SellingState,
  ShownRateLine,
  UnsoldCommunity,
} from './inventory/contract.ts';
export type { Merchant, Store } from './merchants/contract.ts';
export type { MerchantProfile } from './merchants/sign-up-contract.ts';
export type { Notice } from './notices/contract.ts';
export type { Page, Problem } from './platform/contract.ts';
export type { LiveEvent, LiveEventType } from './platform/live-events.ts';
export type { Play } from './plays/contract.ts';
export type { Consent, PersonalExport, RecordView } from './privacy/contract.ts';
export type { Rollout, RolloutPlan, RolloutPreview, RolloutTerminal, TerminalGroups } from './rollouts/contract.ts';
export type { LedgerEntry } from './settlement/contract.ts';
export type { CommandKind, CommandRecord, ListedCommand } from './terminals/command-contract.ts';
export type {
  CommunityMode,
  DocumentState,
  DoorSetup,
  StandingAlarm,
  Terminal,
  TerminalSettings,
} from './terminals/contract.ts';
export type { TerminalOffer } from './terminals/offer-contract.ts';
export type { Commissioning, CommissioningItem, CommissioningRun } from './terminals/commissioning-contract.ts';
export type {
  SettingChange,
  SettingsTemplate,
  TemplateApplied,
  TemplatePreview,
  TemplateSettings,
} from './terminals/template-contract.ts';

export type Endpoint = keyof Endpoints;
type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;
type Params<E extends string> = [ParamNames<E>] extends [never]
  ? { params?: never }
  : { params: Record<ParamNames<E>, string> };
type Body<E extends Endpoint> = Endpoints[E] extends { body: infer B }
  ? undefined extends B
    ? { body?: B }
    : { body: B }
  : { body?: never };
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
