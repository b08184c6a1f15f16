import { z } from 'zod';
import { accountRoles, atMs, email, id, name, phone } from '../platform/contract.ts';

const role = z.enum(accountRoles);
export type Role = z.infer<typeof role>;

const password = z.string().min(10).max(200);
/** Six digits of an authenticator app, or a recovery code `xxxxx-xxxxx`. */
const secondFactor = z.string().trim().min(6).max(20);
/** A secret that was handed out once: an invitation, a one-time link. */
const secret = z.string().min(20).max(100);

/** `POST /v1/sessions`: by e-mail and password, by phone and texted code, or by a one-time link. */
export const signIn = z.union([
  z.object({ email, password: z.string().min(1).max(200), totp: secondFactor.optional() }),
  z.object({ phone, code: z.string().regex(/^\d{6}$/) }),
  z.object({ link: secret }),
]);
export const me = z.object({
  role,
  name: z.string(),
  /** The party that the account acts for: its property company, merchant, store, supplier or community; null for the operator. */
  scope: z.object({ id, name: z.string() }).nullable(),
  /** The communities that a guard or leader is bound to; null: all of the party. */
  communityIds: z.array(id).readonly().nullable(),
  email: z.string().nullable(),
  /** Whether signing in takes a second factor. */
  totp: z.boolean(),
});
export type Me = z.infer<typeof me>;
export const session = z.object({ token: z.string(), expiresAt: atMs, me });
export type Session = z.infer<typeof session>;

/** `POST /v1/session-links`: signs the same person in on another device, once, within a minute. */
export const sessionLink = z.object({ link: z.string(), expiresAt: atMs });
export type SessionLink = z.infer<typeof sessionLink>;

/** `GET /v1/me/sessions`: where this account is signed in. */
export const ownSession = z.object({
  id,
  createdAt: atMs,
  /** To the minute. */
  lastSeenAt: atMs,
  /** `Chrome · Windows`, as far as the browser said. */
  device: z.string(),
  current: z.boolean(),
});
export type OwnSession = z.infer<typeof ownSession>;

/** `POST /v1/sms-codes` → 202, whether or not the phone is known. */
export const smsCodeRequest = z.object({ phone });

export const newAccount = z.object({ email, password, name });

export const passwordChange = z.object({ current: z.string().min(1).max(200), next: password });

/** `POST /v1/me/totp`: base32 secret and its `otpauth://` address for a QR code; in force once a code of it has been confirmed. */
export const totpSetup = z.object({ secret: z.string(), uri: z.string() });
export type TotpSetup = z.infer<typeof totpSetup>;
export const totpCode = z.object({ code: secondFactor });
/** Shown once; each works once instead of a code. */
export const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()).readonly() });
export type RecoveryCodes = z.infer<typeof recoveryCodes>;

const invitedRole = z.enum(['operator', 'property', 'guard', 'merchant', 'store-staff', 'leader', 'supplier']);
export type InvitedRole = z.infer<typeof invitedRole>;

/**
 * `POST /v1/invitations`. A guard takes `communityIds` (left out: all of the company), store staff `storeId`, a leader `communityId`,
 * a supplier `supplierId`; the operator names the party of a manager, guard or merchant by `companyId` or `merchantId`.
 */
export const newInvitation = z.object({
  role: invitedRole,
  name,
  email,
  communityIds: z.array(id).min(1).max(200).optional(),
  storeId: id.optional(),
  communityId: id.optional(),
  supplierId: id.optional(),
  companyId: id.optional(),
  merchantId: id.optional(),
});
export const invitationCreated = z.object({ id, token: z.string(), expiresAt: atMs });
export type InvitationCreated = z.infer<typeof invitationCreated>;
export const invitationToken = z.object({ token: secret });
export const invitationLook = z.object({
  role: invitedRole,
  name: z.string(),
  email: z.string(),
  /** Null for the operator's own people. */
  partyName: z.string().nullable(),
  expiresAt: atMs,
});
export type InvitationLook = z.infer<typeof invitationLook>;
export const invitationAcceptance = invitationToken.extend({ password });

export const teamRole = invitedRole;
/** `GET /v1/team`: accounts and open invitations of the own party; the id of an invited one is the invitation's. */
export const teamMember = z.object({
  id,
  name: z.string(),
  email: z.string(),
  role: teamRole,
  communityIds: z.array(id).readonly().nullable(),
  storeId: id.nullable(),
  state: z.enum(['active', 'suspended', 'invited']),
  totp: z.boolean(),
  lastSeenAt: atMs.nullable(),
});
export type TeamMember = z.infer<typeof teamMember>;
export const teamMemberPatch = z.object({
  name: name.optional(),
  /** Of a guard: null for all of the company. */
  communityIds: z.array(id).min(1).max(200).nullable().optional(),
  state: z.enum(['active', 'suspended']).optional(),
});

const scope = z.string().regex(/^[a-z-]+:(read|write)$/);
/** `POST /v1/api-keys`: scopes are `${tag}:read` and `${tag}:write` with the tags of the reference. */
export const newApiKey = z.object({
  name,
  scopes: z.array(scope).min(1).max(40),
  expiresAt: atMs.nullable(),
});
export const apiKey = z.object({
  id,
  name: z.string(),
  scopes: z.array(z.string()).readonly(),
  createdAt: atMs,
  expiresAt: atMs.nullable(),
  lastUsedAt: atMs.nullable(),
});
export type ApiKey = z.infer<typeof apiKey>;
/** The key itself is in this answer and nowhere else. */
export const apiKeyCreated = apiKey.extend({ key: z.string() });
export type ApiKeyCreated = z.infer<typeof apiKeyCreated>;

/** `GET /v1/audit`: who did what, newest first. */
export const auditEntry = z.object({
  id: z.string(),
  at: atMs,
  /** Null: the program by itself. */
  actor: z.object({ id: z.string(), name: z.string(), role: z.string() }).nullable(),
  /** `area.verb` */
  action: z.string(),
  subject: z.string(),
  /** What the subject is called, where it is a thing or one of the own people. */
  subjectName: z.string().nullable(),
  facts: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const newSupplier = z.object({ name });
export const supplier = newSupplier.extend({ id });
export type Supplier = z.infer<typeof supplier>;
