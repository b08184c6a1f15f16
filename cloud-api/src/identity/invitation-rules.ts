import type { AccountRole, As } from '../platform/auth.ts';
import type { InvitedRole } from './contract.ts';

/** Who brings in others. */
export const leadingRoles = ['operator', 'property', 'merchant'] as const;
export type TeamLead = As<(typeof leadingRoles)[number]>;

const invitedBy: Readonly<Record<TeamLead['role'], readonly InvitedRole[]>> = {
  operator: ['operator', 'property', 'guard', 'merchant', 'store-staff', 'leader', 'supplier'],
  property: ['property', 'guard', 'leader'],
  merchant: ['store-staff'],
};

/** Whom a lead may invite, and so whose accounts it sees, changes and suspends. */
export const rolesUnder = (lead: TeamLead): readonly InvitedRole[] => invitedBy[lead.role];

/** Whether a role is one that is invited; residents come with their flat. */
export const isInvitedRole = (role: AccountRole): role is InvitedRole => role !== 'resident';
