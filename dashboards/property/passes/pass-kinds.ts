import type { PassPerson } from '@gatecast/cloud-api/client';
import type { IconName } from '../../kit/ui/icon.tsx';
import type { Until } from './pass-window.ts';

/** What a form for somebody of this kind starts with, and what it asks. */
export interface PassKind {
  readonly icon: IconName;
  readonly until: Until;
  /** The choices of an end, in this order. */
  readonly untils: readonly Until[];
  /** Somebody who comes every day comes at certain hours. */
  readonly asksSchedule: boolean;
  /** Once, a few times, or as often as they like; whoever works here is not counted. */
  readonly asksUses: boolean;
}

export const passPersons = ['visitor', 'courier', 'staff', 'maintenance', 'emergency'] as const;

export const passKinds: Record<PassPerson, PassKind> = {
  visitor: {
    icon: 'person',
    until: 'two-hours',
    untils: ['two-hours', 'today', 'three-days', 'week', 'custom'],
    asksSchedule: false,
    asksUses: true,
  },
  courier: {
    icon: 'box',
    until: 'today',
    untils: ['two-hours', 'today', 'week', 'half-year', 'custom'],
    asksSchedule: true,
    asksUses: true,
  },
  staff: {
    icon: 'key',
    until: 'open',
    untils: ['open', 'half-year', 'custom'],
    asksSchedule: true,
    asksUses: false,
  },
  maintenance: {
    icon: 'power',
    until: 'today',
    untils: ['today', 'three-days', 'week', 'custom'],
    asksSchedule: true,
    asksUses: false,
  },
  emergency: {
    icon: 'flame',
    until: 'open',
    untils: ['open', 'half-year', 'custom'],
    asksSchedule: false,
    asksUses: false,
  },
};
