/* oxlint-disable max-lines -- one row an operation, all of them in one place */
import type { AccountRole } from './platform/auth.ts';
import { accountRoles } from './platform/contract.ts';

/** Whoever may ask: a role, or the terminal itself. */
export type Asker = AccountRole | 'terminal';

/** What the ids in paths and bodies stand for. */
export type Kind =
  | 'account'
  | 'alarm'
  | 'api-key'
  | 'blackout'
  | 'booking'
  | 'campaign'
  | 'channel'
  | 'clip'
  | 'command'
  | 'community'
  | 'complaint'
  | 'company'
  | 'credential'
  | 'deal'
  | 'dispute'
  | 'entrance'
  | 'fleet-alarm'
  | 'import'
  | 'invitation'
  | 'invoice'
  | 'merchant'
  | 'notice'
  | 'offer'
  | 'order'
  | 'owner-decision'
  | 'pass'
  | 'payment-trouble'
  | 'payout'
  | 'permit'
  | 'rate-line'
  | 'release'
  | 'report'
  | 'resident'
  | 'schedule'
  | 'session'
  | 'silence'
  | 'store'
  | 'supplier'
  | 'rollout'
  | 'template'
  | 'terminal'
  | 'unit'
  | 'upload';

/** Who may do one operation, and with what: the table that the walk holds the routes to. */
export interface Row {
  /** `anybody`: no sign-in; something else protects it. */
  readonly who: readonly Asker[] | 'anybody';
  /** No API key, whatever its scopes. */
  readonly inPerson?: boolean;
  /** What `{id}` stands for. */
  readonly of?: Kind;
  /** Fields of the body whose foreign ids are anybody's to name, and kinds of foreign things that the answer may show; with the reason. */
  readonly public?: { readonly fields?: readonly string[]; readonly kinds?: readonly Kind[]; readonly because: string };
  /** Besides success: how a call with every right may end, as what it asks for is not there to be had in the walk. */
  readonly orEnds?: readonly string[];
  /** Walked at the end: it ends the account that asks, which is a person of its own then, or a thing that there is one of. */
  readonly ends?: 'account' | 'thing';
}

const operator: readonly Asker[] = ['operator'];
const managers: readonly Asker[] = ['operator', 'property'];
const keepers: readonly Asker[] = ['operator', 'property', 'guard'];
const leads: readonly Asker[] = ['operator', 'property', 'merchant'];
const sellers: readonly Asker[] = ['operator', 'merchant'];
const merchant: readonly Asker[] = ['merchant'];
const resident: readonly Asker[] = ['resident'];
const terminal: readonly Asker[] = ['terminal'];
const everyone: readonly Asker[] = accountRoles;
const withPassword = everyone.filter((role) => role !== 'resident');

const anyCommunity = { kinds: ['community'], because: 'merchants sell in every community' } as const;

const identity: Readonly<Record<string, Row>> = {
  'POST /v1/sessions': { who: 'anybody', orEnds: ['wrong-credentials'] },
  'DELETE /v1/sessions/current': { who: everyone, inPerson: true },
  'POST /v1/session-links': { who: everyone, inPerson: true },
  'POST /v1/sms-codes': { who: 'anybody' },
  'POST /v1/invitations/look': { who: 'anybody', orEnds: ['invitation-unknown'] },
  'POST /v1/invitations/accept': { who: 'anybody', orEnds: ['invitation-unknown'] },
  'GET /v1/me': { who: everyone },
  'GET /v1/me/sessions': { who: everyone, inPerson: true },
  'DELETE /v1/me/sessions': { who: everyone, inPerson: true },
  'DELETE /v1/me/sessions/{id}': { who: everyone, inPerson: true, of: 'session' },
  'PUT /v1/me/password': { who: withPassword, inPerson: true, orEnds: ['password-wrong'] },
  'POST /v1/me/totp': { who: withPassword, inPerson: true },
  'POST /v1/me/totp/confirm': { who: withPassword, inPerson: true, orEnds: ['totp-wrong'] },
  'POST /v1/me/totp/remove': { who: withPassword, inPerson: true, orEnds: ['totp-off'] },
  'GET /v1/team': { who: leads },
  'PATCH /v1/team/{id}': { who: leads, inPerson: true, of: 'account' },
  'POST /v1/invitations': { who: leads, inPerson: true },
  'DELETE /v1/invitations/{id}': { who: leads, inPerson: true, of: 'invitation' },
  'GET /v1/api-keys': { who: leads, inPerson: true },
  'POST /v1/api-keys': { who: leads, inPerson: true },
  'DELETE /v1/api-keys/{id}': { who: leads, inPerson: true, of: 'api-key' },
  'GET /v1/audit': { who: leads },
  'GET /v1/suppliers': { who: operator },
  'POST /v1/suppliers': { who: operator },
};

const communities: Readonly<Record<string, Row>> = {
  'GET /v1/property-companies': { who: managers },
  'POST /v1/property-companies': { who: operator },
  'GET /v1/communities': {
    who: ['operator', 'property', 'guard', 'merchant', 'leader', 'resident'],
    public: { kinds: ['community', 'company'], because: 'merchants sell in every community' },
  },
  'POST /v1/communities': { who: operator },
  'PATCH /v1/communities/{id}': { who: managers, of: 'community' },
  'GET /v1/communities/{id}/entrances': { who: keepers, of: 'community' },
  'POST /v1/communities/{id}/entrances': { who: managers, of: 'community' },
  'PATCH /v1/entrances/{id}': { who: managers, of: 'entrance' },
  'GET /v1/communities/{id}/buildings': { who: managers, of: 'community' },
  'GET /v1/communities/{id}/units': { who: managers, of: 'community' },
  'POST /v1/communities/{id}/units': { who: managers, of: 'community' },
  'PATCH /v1/units/{id}': { who: managers, of: 'unit' },
  'GET /v1/communities/{id}/holidays': { who: managers, of: 'community' },
  'PUT /v1/communities/{id}/holidays': { who: managers, of: 'community' },
  'GET /v1/communities/{id}/residents': { who: managers, of: 'community' },
  'POST /v1/communities/{id}/residents': { who: managers, of: 'community' },
  'GET /v1/residents/{id}': { who: managers, of: 'resident' },
  'PATCH /v1/residents/{id}': { who: managers, of: 'resident' },
  'POST /v1/residents/{id}/move-out': { who: managers, of: 'resident' },
  'PUT /v1/residents/{id}/pin': { who: [...managers, 'resident'], of: 'resident' },
  'GET /v1/me/profile': { who: resident },
  'POST /v1/communities/{id}/resident-imports': { who: managers, of: 'community', orEnds: ['import-empty'] },
  'GET /v1/communities/{id}/resident-imports': { who: managers, of: 'community' },
  'GET /v1/resident-imports/{id}': { who: managers, of: 'import' },
  'POST /v1/resident-imports/{id}/apply': { who: managers, of: 'import' },
  'POST /v1/resident-imports/{id}/undo': { who: managers, of: 'import', orEnds: ['import-state'] },
  'GET /v1/residents/{id}/export': { who: managers, of: 'resident' },
  'DELETE /v1/residents/{id}': { who: managers, of: 'resident' },
  'GET /v1/me/export': { who: resident },
  'DELETE /v1/me': { who: resident, ends: 'account' },
  'GET /v1/me/record-views': { who: resident },
  'GET /v1/me/consents': { who: resident },
  'PUT /v1/me/consents/{purpose}': { who: resident },
  'GET /v1/me/segment': { who: resident },
  'PUT /v1/me/segment': { who: resident, orEnds: ['consent-needed'] },
};

const terminals: Readonly<Record<string, Row>> = {
  'GET /v1/terminals': { who: keepers },
  'POST /v1/terminals': { who: managers, orEnds: ['entrance-taken'] },
  'POST /v1/terminals/claims': { who: 'anybody', orEnds: ['invalid-request'] },
  'GET /v1/terminals/revocations': { who: 'anybody' },
  'POST /v1/terminals/offers/challenge': { who: 'anybody' },
  'POST /v1/terminals/offers': { who: 'anybody', orEnds: ['challenge-expired', 'invalid-request'] },
  'POST /v1/terminal-offers/look': { who: managers, orEnds: ['unknown-claim-code'] },
  'GET /v1/terminal-offers/{id}': { who: managers, of: 'offer' },
  'POST /v1/terminal-offers/{id}/claim': { who: managers, of: 'offer', orEnds: ['offer-not-shown'] },
  'POST /v1/terminal-offers/{id}/refuse': { who: managers, of: 'offer' },
  'POST /v1/terminals/{id}/keys': { who: terminal, of: 'terminal', orEnds: ['wrong-credentials', 'invalid-request'] },
  'POST /v1/terminals/{id}/key-rotation': { who: managers, of: 'terminal' },
  'POST /v1/terminals/{id}/one-machine': { who: managers, of: 'terminal', orEnds: ['terminal-not-cloned'] },
  'GET /v1/terminals/{id}': { who: keepers, of: 'terminal' },
  'PATCH /v1/terminals/{id}/config': { who: managers, of: 'terminal' },
  'POST /v1/terminals/{id}/claim-codes': { who: managers, of: 'terminal' },
  'POST /v1/terminals/{id}/revoke': { who: operator, of: 'terminal', ends: 'thing' },
  'PUT /v1/terminals/{id}/mode': { who: managers, of: 'terminal' },
  'PUT /v1/terminals/{id}/mute': { who: managers, of: 'terminal' },
  'PUT /v1/communities/{id}/mode': { who: managers, of: 'community' },
  'POST /v1/terminals/{id}/commands': { who: keepers, of: 'terminal', orEnds: ['terminal-offline'] },
  'GET /v1/terminals/{id}/commands': { who: managers, of: 'terminal' },
  'GET /v1/commands/{id}': { who: keepers, of: 'command' },
  'GET /v1/commands/{id}/file': { who: managers, of: 'command', orEnds: ['not-found'] },
  'POST /v1/terminals/{id}/command-files': { who: terminal, of: 'terminal', orEnds: ['not-found'] },
  'POST /v1/terminals/{id}/challenge': { who: 'anybody', of: 'terminal' },
  'POST /v1/terminals/{id}/tokens': { who: 'anybody', of: 'terminal', orEnds: ['challenge-expired', 'wrong-epoch'] },
  'GET /v1/terminals/{id}/desired': { who: terminal, of: 'terminal' },
  'GET /v1/terminals/{id}/documents/{kind}': { who: terminal, of: 'terminal' },
  'PUT /v1/terminals/{id}/reported': { who: terminal, of: 'terminal' },
  'POST /v1/terminals/{id}/journal': { who: terminal, of: 'terminal', orEnds: ['journal-gap'] },
  'POST /v1/terminals/{id}/learned-cards': { who: terminal, of: 'terminal' },
  'GET /v1/media/{sha256}': { who: 'anybody', orEnds: ['not-found'] },
  'GET /v1/terminals/{id}/media/{sha256}': { who: terminal, of: 'terminal', orEnds: ['not-found'] },
  'GET /v1/time': { who: 'anybody' },
};

const setUp: Readonly<Record<string, Row>> = {
  'GET /v1/settings-templates': { who: managers },
  'POST /v1/settings-templates': { who: managers },
  'PUT /v1/settings-templates/{id}': { who: managers, of: 'template' },
  'DELETE /v1/settings-templates/{id}': { who: managers, of: 'template' },
  'POST /v1/settings-templates/{id}/preview': { who: managers, of: 'template' },
  'POST /v1/settings-templates/{id}/apply': { who: managers, of: 'template', orEnds: ['preview-stale'] },
  'GET /v1/rollouts': { who: managers },
  'POST /v1/rollouts/preview': { who: managers },
  'POST /v1/rollouts': { who: managers, orEnds: ['preview-stale'] },
  'GET /v1/rollouts/{id}': { who: managers, of: 'rollout' },
  'GET /v1/rollouts/{id}/terminals': { who: managers, of: 'rollout' },
  'POST /v1/rollouts/{id}/pause': { who: managers, of: 'rollout', orEnds: ['rollout-state'] },
  'POST /v1/rollouts/{id}/resume': { who: managers, of: 'rollout', orEnds: ['rollout-state'] },
  'POST /v1/rollouts/{id}/cancel': { who: managers, of: 'rollout', orEnds: ['rollout-state'] },
  'POST /v1/rollouts/{id}/roll-back': { who: managers, of: 'rollout', orEnds: ['rollout-state', 'rollout-overlaps'] },
  'GET /v1/terminal-groups': { who: managers },
  'GET /v1/terminals/{id}/tags': { who: managers, of: 'terminal' },
  'PUT /v1/terminals/{id}/tags': { who: managers, of: 'terminal' },
  'GET /v1/terminals/{id}/commissioning': { who: managers, of: 'terminal' },
  'POST /v1/terminals/{id}/commissioning': { who: managers, of: 'terminal' },
  'PUT /v1/terminals/{id}/commissioning/{item}': { who: managers, of: 'terminal' },
  'POST /v1/terminals/{id}/commissioning/sign-off': { who: managers, of: 'terminal', orEnds: ['commissioning-open'] },
  'GET /v1/terminals/{id}/commissioning-runs': { who: managers, of: 'terminal' },
};

const fleet: Readonly<Record<string, Row>> = {
  'PUT /v1/terminals/{id}/health': { who: terminal, of: 'terminal' },
  'GET /v1/terminals/{id}/health': { who: managers, of: 'terminal' },
  'GET /v1/fleet/summary': { who: managers },
  'GET /v1/fleet/communities': { who: managers },
  'GET /v1/fleet/terminals': { who: managers },
  'GET /v1/search': { who: managers },
  'GET /v1/stories/{kind}/{id}': { who: managers, of: 'terminal' },
  'GET /v1/fleet/vitals': { who: operator },
  'GET /v1/fleet/alarms': { who: operator },
  'POST /v1/fleet/alarms/{id}/ack': { who: operator, of: 'fleet-alarm' },
  'GET /v1/fleet/silences': { who: operator },
  'POST /v1/fleet/silences': { who: operator },
  'DELETE /v1/fleet/silences/{id}': { who: operator, of: 'silence' },
  'GET /v1/fleet/channels': { who: operator },
  'POST /v1/fleet/channels': { who: operator },
  'PATCH /v1/fleet/channels/{id}': { who: operator, of: 'channel' },
  'DELETE /v1/fleet/channels/{id}': { who: operator, of: 'channel' },
  'POST /v1/fleet/channels/{id}/test': { who: operator, of: 'channel' },
};

const releases: Readonly<Record<string, Row>> = {
  'POST /v1/releases': { who: operator, orEnds: ['no-update-keys'] },
  'GET /v1/releases': { who: operator },
  'GET /v1/releases/{id}': { who: operator, of: 'release' },
  'POST /v1/releases/{id}/withdraw': { who: operator, of: 'release' },
  'POST /v1/releases/{id}/assignments': { who: operator, of: 'release' },
  'POST /v1/releases/{id}/assignments/preview': { who: operator, of: 'release' },
  'PUT /v1/releases/{id}/download': { who: operator, of: 'release' },
  'GET /v1/releases/{id}/terminals': { who: operator, of: 'release' },
  'GET /v1/terminals/{id}/releases/{sha256}': { who: terminal, of: 'terminal', orEnds: ['not-found'] },
};

const access: Readonly<Record<string, Row>> = {
  'GET /v1/passes': { who: keepers },
  'POST /v1/passes': { who: managers },
  'GET /v1/passes/{id}': { who: keepers, of: 'pass' },
  'DELETE /v1/passes/{id}': { who: managers, of: 'pass' },
  'GET /v1/passes/{id}/cards': { who: managers, of: 'pass' },
  'POST /v1/passes/{id}/cards': { who: managers, of: 'pass' },
  'GET /v1/communities/{id}/access-schedules': { who: managers, of: 'community' },
  'POST /v1/communities/{id}/access-schedules': { who: managers, of: 'community' },
  'PUT /v1/access-schedules/{id}': { who: managers, of: 'schedule' },
  'DELETE /v1/access-schedules/{id}': { who: managers, of: 'schedule' },
  'GET /v1/residents/{id}/credentials': { who: managers, of: 'resident' },
  // Who opened under threat is the property's to know, not the operator's.
  'PUT /v1/residents/{id}/duress-pin': { who: ['property', 'resident'], of: 'resident' },
  'DELETE /v1/residents/{id}/duress-pin': { who: ['property', 'resident'], of: 'resident', orEnds: ['not-found'] },
  'POST /v1/residents/{id}/cards': { who: managers, of: 'resident' },
  'GET /v1/residents/{id}/revocation': { who: managers, of: 'resident', orEnds: ['not-found'] },
  'DELETE /v1/credentials/{id}': { who: managers, of: 'credential' },
  'GET /v1/me/passes': { who: resident },
  'POST /v1/me/passes': { who: resident },
  'DELETE /v1/me/passes/{id}': { who: resident, of: 'pass' },
  'GET /v1/me/doors': { who: resident },
  'POST /v1/me/doors/{id}/open': { who: resident, of: 'entrance', orEnds: ['terminal-offline'] },
  'GET /v1/me/commands/{id}': { who: resident, of: 'command' },
  'GET /v1/me/records': { who: resident },
  'GET /v1/me/credentials': { who: resident },
  'POST /v1/me/phones': { who: resident },
  'DELETE /v1/me/credentials/{id}': { who: resident, of: 'credential' },
  // Its own signing keys: the operator could not be told from a thief of them.
  'POST /v1/communities/{id}/pass-keys/roll': { who: ['property'], of: 'community' },
  'GET /v1/access-events': { who: keepers },
  'GET /v1/access-events/export': { who: managers },
  'GET /v1/alarms': { who: keepers },
  'GET /v1/alarm-counts': { who: keepers },
  'POST /v1/alarms/{id}/ack': { who: keepers, of: 'alarm' },
  'GET /v1/screen-wall': { who: managers },
  'GET /v1/screens/{token}': { who: 'anybody', orEnds: ['not-found'] },
  'POST /v1/screens/{token}/complaints': { who: 'anybody', orEnds: ['not-found'] },
  'GET /v1/complaint-receipts/{receipt}': { who: 'anybody', orEnds: ['not-found'] },
  'GET /v1/me/complaints': { who: resident },
  'GET /v1/me/screens': { who: resident },
  'GET /v1/complaints': { who: managers },
  'GET /v1/complaint-counts': { who: managers },
  'POST /v1/complaints/{id}/answer': { who: managers, of: 'complaint' },
  'GET /v1/communities/{id}/clip-blocks': { who: managers, of: 'community' },
  'PUT /v1/communities/{id}/clip-blocks/{clipId}': { who: managers, of: 'community', orEnds: ['not-found'] },
  'DELETE /v1/communities/{id}/clip-blocks/{clipId}': { who: managers, of: 'community', orEnds: ['not-found'] },
  'GET /v1/notices': { who: managers },
  'POST /v1/notices': { who: managers },
  'DELETE /v1/notices/{id}': { who: managers, of: 'notice' },
  'GET /v1/events': { who: everyone },
};

const market: Readonly<Record<string, Row>> = {
  'GET /v1/merchants': { who: sellers },
  'POST /v1/merchants': { who: operator },
  'POST /v1/merchant-sign-ups': { who: 'anybody' },
  'GET /v1/merchant-sign-ups/communities': {
    who: 'anybody',
    public: { kinds: ['community'], because: 'a store says where it is by the name' },
  },
  'GET /v1/merchant-profile': { who: merchant, inPerson: true },
  'PUT /v1/merchant-profile/licence': { who: merchant, inPerson: true, orEnds: ['licence-number-invalid'] },
  'PUT /v1/merchant-profile/payee': { who: merchant, inPerson: true },
  'POST /v1/merchant-profile/apply': {
    who: merchant,
    inPerson: true,
    orEnds: ['application-incomplete', 'merchant-state'],
  },
  'GET /v1/merchant-applications': { who: operator },
  'POST /v1/merchants/{id}/approve': { who: operator, of: 'merchant', orEnds: ['merchant-state'] },
  'POST /v1/merchants/{id}/reject': { who: operator, of: 'merchant', orEnds: ['merchant-state'] },
  'POST /v1/merchants/{id}/suspend': { who: operator, of: 'merchant', ends: 'thing', orEnds: ['merchant-state'] },
  'POST /v1/merchants/{id}/reinstate': { who: operator, of: 'merchant', orEnds: ['merchant-state'] },
  'GET /v1/merchants/{id}/licence': { who: 'anybody', of: 'merchant', orEnds: ['bad-file-link'] },
  'GET /v1/stores': { who: sellers },
  'PATCH /v1/stores/{id}': { who: merchant, of: 'store' },
  'POST /v1/stores': { who: merchant, public: { fields: ['communityId'], ...anyCommunity } },
  'POST /v1/clips': { who: sellers, orEnds: ['video-not-mp4'] },
  'GET /v1/clips': { who: sellers },
  'POST /v1/clip-photos': { who: sellers, orEnds: ['photo-not-a-picture'] },
  'GET /v1/clip-photos/{sha256}': { who: 'anybody', orEnds: ['bad-file-link'] },
  'POST /v1/clips/made': { who: sellers, orEnds: ['photos-too-few'] },
  'POST /v1/clips/made/preview': { who: sellers, orEnds: ['photos-too-few'] },
  'POST /v1/clips/made/sheet': { who: sellers, orEnds: ['photos-too-few'] },
  'GET /v1/clips/{id}': { who: sellers, of: 'clip' },
  // The operator takes a merchant's down; one of the house it may delete.
  'DELETE /v1/clips/{id}': { who: sellers, of: 'clip', orEnds: ['clip-not-house'] },
  // Those of the walk were uploaded.
  'GET /v1/clips/{id}/recipe': { who: sellers, of: 'clip', orEnds: ['not-found'] },
  'PATCH /v1/clips/{id}': { who: sellers, of: 'clip', orEnds: ['clip-state'] },
  'OPTIONS /v1/clip-uploads': { who: 'anybody' },
  'POST /v1/clip-uploads': { who: sellers, orEnds: ['upload-version'] },
  'GET /v1/clip-uploads': { who: sellers },
  'GET /v1/clip-uploads/{id}': { who: sellers, of: 'upload' },
  'PATCH /v1/clip-uploads/{id}': { who: sellers, of: 'upload', orEnds: ['upload-version'] },
  'DELETE /v1/clip-uploads/{id}': { who: sellers, of: 'upload' },
  'POST /v1/clips/{id}/retry': { who: sellers, of: 'clip', orEnds: ['clip-state'] },
  'GET /v1/converter': { who: operator },
  'POST /v1/clips/{id}/approve': { who: operator, of: 'clip', orEnds: ['clip-state', 'checklist-incomplete'] },
  'POST /v1/clips/{id}/reject': { who: operator, of: 'clip', orEnds: ['clip-state'] },
  'POST /v1/clips/{id}/take-down': { who: operator, of: 'clip', orEnds: ['clip-state'] },
  'POST /v1/clips/{id}/claim': { who: ['operator'], of: 'clip', orEnds: ['clip-state'] },
  'POST /v1/clips/{id}/release': { who: ['operator'], of: 'clip' },
  'POST /v1/clips/{id}/review-again': { who: sellers, of: 'clip', orEnds: ['clip-state'] },
  'GET /v1/clips/{id}/reviews': { who: sellers, of: 'clip' },
  'GET /v1/clips/{id}/screens': { who: operator, of: 'clip' },
  'GET /v1/clip-categories': { who: sellers },
  'GET /v1/communities/{id}/declined-categories': { who: operator, of: 'community' },
  'PUT /v1/communities/{id}/declined-categories': { who: operator, of: 'community' },
  'POST /v1/permits': { who: merchant, orEnds: ['scan-unreadable'] },
  'GET /v1/permits': { who: sellers },
  'POST /v1/permits/{id}/accept': { who: operator, of: 'permit', orEnds: ['permit-state'] },
  'POST /v1/permits/{id}/refuse': { who: operator, of: 'permit', orEnds: ['permit-state'] },
  'POST /v1/permits/{id}/withdraw': { who: operator, of: 'permit', orEnds: ['permit-state'] },
  'GET /v1/permits/{id}/scan': { who: 'anybody', of: 'permit', orEnds: ['bad-file-link'] },
  'GET /v1/clips/{id}/poster.jpg': { who: 'anybody', of: 'clip', orEnds: ['bad-file-link'] },
  'GET /v1/clips/{id}/video.mp4': { who: 'anybody', of: 'clip', orEnds: ['bad-file-link'] },
  'GET /v1/clips/{id}/files/{cut}/{profile}/poster.jpg': { who: 'anybody', of: 'clip', orEnds: ['bad-file-link'] },
  'GET /v1/clips/{id}/files/{cut}/{profile}/video.mp4': { who: 'anybody', of: 'clip', orEnds: ['bad-file-link'] },
  'GET /v1/plays': { who: operator },
  'GET /v1/audience/forecast': { who: leads, public: anyCommunity },
  'GET /v1/audience/accuracy': { who: managers },
  'GET /v1/audience/communities': { who: operator },
  'GET /v1/slots': { who: sellers, public: anyCommunity },
  'GET /v1/audience/holidays': { who: operator },
  'POST /v1/audience/holidays': { who: operator, orEnds: ['holidays-wrong'] },
  'POST /v1/owner-decisions': { who: managers, orEnds: ['scan-unreadable'] },
  'GET /v1/unsold-communities': { who: operator },
  'GET /v1/owner-decisions': { who: managers },
  'POST /v1/owner-decisions/{id}/confirm': { who: operator, of: 'owner-decision', orEnds: ['decision-state'] },
  'POST /v1/owner-decisions/{id}/refuse': { who: operator, of: 'owner-decision', orEnds: ['decision-state'] },
  'POST /v1/owner-decisions/{id}/revoke': { who: managers, of: 'owner-decision', orEnds: ['decision-state'] },
  'GET /v1/owner-decisions/{id}/document': { who: 'anybody', of: 'owner-decision', orEnds: ['bad-file-link'] },
  'GET /v1/rate-lines': { who: operator },
  'GET /v1/rate-card': { who: operator },
  'GET /v1/communities/{id}/selling': { who: managers, of: 'community' },
  'POST /v1/rate-lines': { who: operator },
  'POST /v1/rate-lines/{id}/end': { who: operator, of: 'rate-line', orEnds: ['rate-line-over'] },
  'GET /v1/blackouts': { who: managers },
  'POST /v1/blackouts': { who: managers },
  'POST /v1/blackouts/{id}/lift': { who: managers, of: 'blackout', orEnds: ['blackout-over'] },
  'GET /v1/campaigns': { who: sellers },
  'POST /v1/campaigns': { who: merchant },
  'GET /v1/campaigns/{id}/lift': { who: sellers, of: 'campaign' },
  'GET /v1/campaign-results': { who: sellers },
  'GET /v1/campaigns/{id}/result': { who: sellers, of: 'campaign' },
  'GET /v1/campaigns/{id}/result.csv': { who: sellers, of: 'campaign' },
  'GET /v1/campaigns/{id}/result.xlsx': { who: sellers, of: 'campaign' },
  'GET /v1/bookings': { who: sellers },
  'POST /v1/bookings': { who: merchant, public: { fields: ['communityId'], ...anyCommunity } },
  'GET /v1/bookings/{id}': { who: sellers, of: 'booking' },
  'GET /v1/bookings/{id}/progress': { who: sellers, of: 'booking' },
  'GET /v1/delivery/behind': { who: sellers },
  'GET /v1/delivery/replans': { who: operator },
  'GET /v1/sell-through/weeks': { who: operator },
  'GET /v1/sell-through/heat-map': { who: operator },
  'GET /v1/sell-through/communities': { who: operator },
  'POST /v1/quotes': { who: sellers, public: { fields: ['communityIds'], ...anyCommunity } },
  'PATCH /v1/bookings/{id}': { who: sellers, of: 'booking' },
  'POST /v1/bookings/{id}/cancel': { who: sellers, of: 'booking', orEnds: ['booking-over'] },
  'GET /v1/exposures': { who: sellers },
  'GET /v1/invoices': { who: sellers },
  'GET /v1/invoices/{id}': { who: sellers, of: 'invoice' },
  'GET /v1/invoices/{id}/lines': { who: sellers, of: 'invoice' },
  'GET /v1/invoices/{id}/lines.csv': { who: sellers, of: 'invoice' },
  'GET /v1/invoices/{id}/bundle': { who: operator, of: 'invoice', orEnds: ['internal'] },
  'POST /v1/invoices/{id}/disputes': { who: merchant, of: 'invoice', orEnds: ['not-found'] },
  'GET /v1/report-schedule': { who: merchant },
  'PUT /v1/report-schedule': { who: merchant },
  'POST /v1/report-schedule/try-out': { who: merchant, orEnds: ['webhook-missing', 'too-many-requests'] },
  'GET /v1/reports': { who: merchant },
  'GET /v1/reports/{id}': { who: merchant, of: 'report' },
  'GET /v1/reports/{id}/report.csv': { who: merchant, of: 'report' },
  'GET /v1/reports/{id}/report.xlsx': { who: merchant, of: 'report' },
  'POST /v1/reports/{id}/send-again': { who: merchant, of: 'report', orEnds: ['webhook-missing', 'too-many-requests'] },
  'GET /v1/disputes': { who: sellers },
  'GET /v1/disputes/{id}': { who: sellers, of: 'dispute' },
  'POST /v1/disputes/{id}/withdraw': { who: merchant, of: 'dispute', orEnds: ['dispute-state'] },
  'POST /v1/disputes/{id}/uphold': { who: operator, of: 'dispute', orEnds: ['nothing-to-credit', 'dispute-state'] },
  'POST /v1/disputes/{id}/refuse': { who: operator, of: 'dispute', orEnds: ['dispute-state'] },
  'GET /v1/communities/{id}/ad-income': { who: managers, of: 'community' },
  'GET /v1/communities/{id}/adverts': { who: managers, of: 'community' },
  'POST /v1/communities/{id}/ad-payouts': { who: operator, of: 'community', orEnds: ['scan-unreadable'] },
  'GET /v1/ad-payouts/{id}/document': { who: 'anybody', of: 'payout', orEnds: ['bad-file-link'] },
  'GET /v1/me/ad-income': { who: resident },
  'GET /v1/deals': { who: 'anybody' },
  'POST /v1/deals': { who: merchant },
  'GET /v1/deals/{id}': { who: 'anybody', of: 'deal' },
  'GET /v1/deals/{id}/image.jpg': { who: 'anybody', of: 'deal', orEnds: ['not-found'] },
  'GET /v1/orders': { who: ['operator', 'merchant', 'store-staff', 'resident'] },
  'POST /v1/orders': {
    who: resident,
    public: { fields: ['dealId'], kinds: ['deal'], because: 'deals are public' },
  },
  'GET /v1/orders/{id}': { who: ['operator', 'merchant', 'store-staff', 'resident'], of: 'order' },
  'POST /v1/orders/{id}/cancel': { who: resident, of: 'order' },
  'POST /v1/pickups/verify': { who: ['merchant', 'store-staff'], orEnds: ['unknown-pickup-code'] },
  'GET /q/{token}': { who: 'anybody', orEnds: ['bad-short-link'] },
  'GET /v1/visits/{id}': { who: 'anybody', orEnds: ['not-found'] },
  'GET /v1/traces': { who: sellers },
  'POST /v1/pay/notify/{provider}': { who: 'anybody', orEnds: ['payment-notice-refused', 'payment-notice-unreadable'] },
  'GET /v1/ledger': { who: operator },
  'GET /v1/payment-troubles': { who: operator },
  'POST /v1/payment-troubles/{id}/settle': { who: operator, of: 'payment-trouble', orEnds: ['conflict'] },
};

/** By method and path as the OpenAPI document writes them. */
export const rightsMatrix: Readonly<Record<string, Row>> = {
  ...identity,
  ...communities,
  ...terminals,
  ...fleet,
  ...setUp,
  ...releases,
  ...access,
  ...market,
};
