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
import type { BillingEndpoints } from './billing/endpoints.ts';
import type { AudienceEndpoints } from './audience/endpoints.ts';
import type { DeliveryEndpoints } from './delivery/endpoints.ts';
import type { MerchantEndpoints } from './merchants/endpoints.ts';
import type { ScheduledReportEndpoints } from './scheduled-reports/endpoints.ts';
import type { ResultEndpoints } from './results/endpoints.ts';
import type { SellThroughEndpoints } from './sell-through/endpoints.ts';
import type { LiftEndpoints } from './lift/endpoints.ts';
import type { CampaignEndpoints } from './campaigns/endpoints.ts';
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
import type {
  ClipBlocks,
  Complaint,
  complaintAnswer,
  ComplaintCounts,
  complaintQuery,
  ComplaintMade,
  newClipBlock,
  newComplaint,
  OwnComplaint,
  OwnScreens,
  ScreenFace,
} from './complaints/contract.ts';
import type { wallQuery, WallScreen } from './screen-wall/contract.ts';
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
import type { ContentEndpoints } from './content/endpoints.ts';
import type { FleetEndpoints } from './fleet/endpoints.ts';
import type { Exposure } from './exposure/contract.ts';
import type { InventoryEndpoints } from './inventory/endpoints.ts';
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
import type { newNotice, Notice } from './notices/contract.ts';
import type {
  Assigned,
  assignment,
  AssignmentPreview,
  Release,
  releaseTerms,
  ReleaseTerminal,
  uploadQuery as uploadReleaseQuery,
} from './releases/contract.ts';
import type {
  newRollout,
  Rollout,
  rolloutPlan,
  RolloutPreview,
  RolloutTerminal,
  TerminalGroups,
  terminalTags,
  TerminalTags,
} from './rollouts/contract.ts';
import type { Page, Paging } from './platform/contract.ts';
import type { Play } from './plays/contract.ts';
import type { Consent, consentChange, PersonalExport, RecordView } from './privacy/contract.ts';
import type { LedgerEntry, PaymentTrouble, SettleTrouble } from './settlement/contract.ts';
import type {
  Commissioning,
  CommissioningRun,
  commissioningSignOff,
  commissioningWord,
} from './terminals/commissioning-contract.ts';
import type { CommandKind, CommandRecord, ListedCommand, newCommand } from './terminals/command-contract.ts';
import type {
  CommunityMode,
  newMode,
  newMute,
  newTerminal,
  NewTerminalCreated,
  Terminal,
  terminalSettingsPatch,
} from './terminals/contract.ts';
import type { offerClaim, offerClaimed, offerLook, TerminalOffer } from './terminals/offer-contract.ts';
import type {
  newSettingsTemplate,
  SettingsTemplate,
  TemplateApplied,
  templateApply,
  TemplatePreview,
  templatePreviewRequest,
} from './terminals/template-contract.ts';

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
export interface Endpoints
  extends
    AudienceEndpoints,
    BillingEndpoints,
    CampaignEndpoints,
    ContentEndpoints,
    DeliveryEndpoints,
    ScheduledReportEndpoints,
    ResultEndpoints,
    SellThroughEndpoints,
    InventoryEndpoints,
    LiftEndpoints,
    MerchantEndpoints,
    FleetEndpoints {
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
    query: Paging & { actor?: string; action?: string; subject?: string; from?: number; to?: number };
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
  'POST /v1/terminals/:id/claim-codes': { result: NewTerminalCreated };
  'POST /v1/terminals/:id/revoke': { result: null };
  'POST /v1/terminals/:id/key-rotation': { result: Terminal };
  'POST /v1/terminals/:id/one-machine': { result: Terminal };
  'POST /v1/terminal-offers/look': { body: z.input<typeof offerLook>; result: TerminalOffer };
  'GET /v1/terminal-offers/:id': { result: TerminalOffer };
  'POST /v1/terminal-offers/:id/claim': {
    body: z.input<typeof offerClaim>;
    result: z.output<typeof offerClaimed>;
  };
  'POST /v1/terminal-offers/:id/refuse': { result: null };
  'POST /v1/terminals': { body: z.input<typeof newTerminal>; result: NewTerminalCreated };
  'GET /v1/terminals/:id': { result: Terminal };
  'PATCH /v1/terminals/:id/config': { body: z.input<typeof terminalSettingsPatch>; result: Terminal };
  'PUT /v1/terminals/:id/mode': { body: z.input<typeof newMode>; result: Terminal };
  'GET /v1/screen-wall': { query: z.input<typeof wallQuery>; result: Page<WallScreen> };
  'GET /v1/screens/:token': { result: ScreenFace };
  'POST /v1/screens/:token/complaints': { body: z.input<typeof newComplaint>; result: ComplaintMade };
  'GET /v1/complaint-receipts/:receipt': { result: OwnComplaint };
  'GET /v1/me/complaints': { query: Paging; result: Page<OwnComplaint> };
  'GET /v1/me/screens': { result: OwnScreens };
  'GET /v1/complaints': { query: z.input<typeof complaintQuery>; result: Page<Complaint> };
  'GET /v1/complaint-counts': { query: { communityId?: string }; result: ComplaintCounts };
  'POST /v1/complaints/:id/answer': { body: z.input<typeof complaintAnswer>; result: Complaint };
  'GET /v1/communities/:id/clip-blocks': { result: ClipBlocks };
  'PUT /v1/communities/:id/clip-blocks/:clipId': { body: z.input<typeof newClipBlock>; result: ClipBlocks };
  'DELETE /v1/communities/:id/clip-blocks/:clipId': { result: ClipBlocks };
  'PUT /v1/terminals/:id/mute': { body: z.input<typeof newMute>; result: Terminal };
  'PUT /v1/communities/:id/mode': { body: z.input<typeof newMode>; result: CommunityMode };
  'POST /v1/terminals/:id/commands': { body: z.input<typeof newCommand>; result: CommandRecord };
  'GET /v1/terminals/:id/commands': { query: Paging & { kind?: CommandKind }; result: Page<ListedCommand> };
  /** What it brought: `GET /v1/commands/:id/file` is a picture or a text, so fetch it by `requestOf`. */
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

  'POST /v1/releases': { query: z.input<typeof uploadReleaseQuery>; body: Blob; result: Release };
  'GET /v1/releases': { query: Paging & { model?: string }; result: Page<Release> };
  'GET /v1/releases/:id': { result: Release };
  'POST /v1/releases/:id/withdraw': { result: Release };
  'PUT /v1/releases/:id/download': { body: z.input<typeof releaseTerms>; result: Release };
  'POST /v1/releases/:id/assignments': { body: z.input<typeof assignment>; result: Assigned };
  'POST /v1/releases/:id/assignments/preview': { body: z.input<typeof assignment>; result: AssignmentPreview };
  'GET /v1/releases/:id/terminals': { query: Paging; result: Page<ReleaseTerminal> };

  'GET /v1/rollouts': { query: Paging; result: Page<Rollout> };
  'POST /v1/rollouts/preview': { body: z.input<typeof rolloutPlan>; result: RolloutPreview };
  'POST /v1/rollouts': { body: z.input<typeof newRollout>; result: Rollout };
  'GET /v1/rollouts/:id': { result: Rollout };
  'GET /v1/rollouts/:id/terminals': {
    query: Paging & { state?: RolloutTerminal['state'] };
    result: Page<RolloutTerminal>;
  };
  'POST /v1/rollouts/:id/pause': { result: Rollout };
  'POST /v1/rollouts/:id/resume': { result: Rollout };
  'POST /v1/rollouts/:id/cancel': { result: Rollout };
  'POST /v1/rollouts/:id/roll-back': { result: Rollout };
  'GET /v1/terminal-groups': { result: TerminalGroups };
  'GET /v1/terminals/:id/tags': { result: TerminalTags };
  'PUT /v1/terminals/:id/tags': { body: z.input<typeof terminalTags>; result: TerminalTags };

  'GET /v1/terminals/:id/commissioning': { result: Commissioning };
  /** Begins anew; what was said before stays in the history. */
  'POST /v1/terminals/:id/commissioning': { result: Commissioning };
  'PUT /v1/terminals/:id/commissioning/:item': { body: z.input<typeof commissioningWord>; result: Commissioning };
  'POST /v1/terminals/:id/commissioning/sign-off': {
    body: z.input<typeof commissioningSignOff>;
    result: Commissioning;
  };
  'GET /v1/terminals/:id/commissioning-runs': { query: Paging; result: Page<CommissioningRun> };

  'GET /v1/exposures': { query: Paging & { campaignId?: string; from?: number; to?: number }; result: Page<Exposure> };
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
  'GET /v1/payment-troubles': { query: Paging & { open?: 'yes' | 'no' }; result: Page<PaymentTrouble> };
  'POST /v1/payment-troubles/:id/settle': { body: SettleTrouble; result: PaymentTrouble };
}
