import type { Endpoints, Resident } from '@gatecast/cloud-api/client';

type NewResident = Endpoints['POST /v1/communities/:id/residents']['body'];
type ResidentPatch = Endpoints['PATCH /v1/residents/:id']['body'];

/** What the fields hold; empty texts stand for nothing. */
export interface ResidentForm {
  readonly name: string;
  readonly phone: string;
  readonly building: string;
  readonly unit: string;
  readonly relation: Resident['relation'];
  /** `YYYY-MM-DD`. */
  readonly leaseEndsOn: string;
  /** Seconds; 0 is as long as the door's own time. */
  readonly openSeconds: number;
  readonly isChild: boolean;
  readonly guardianId: string | null;
}

/** For how long a door may be asked to stay open for somebody. */
export const openSecondsChoices = [0, 8, 12, 20, 30] as const;

export const emptyForm = (home: { readonly building: string; readonly unit: string }): ResidentForm => ({
  name: '',
  phone: '',
  ...home,
  relation: 'owner',
  leaseEndsOn: '',
  openSeconds: 0,
  isChild: false,
  guardianId: null,
});

/** A resident as the fields show them; the phone stays empty, since nobody may read it again. */
export const formOf = (resident: Resident): ResidentForm => ({
  name: resident.name,
  phone: '',
  building: resident.building,
  unit: resident.unit,
  relation: resident.relation,
  leaseEndsOn: resident.leaseEndsOn ?? '',
  openSeconds: (resident.openMs ?? 0) / 1_000,
  isChild: resident.isChild,
  guardianId: resident.guardianId,
});

/** Somebody new. A lease is a tenant's only. */
export function newResidentOf(form: ResidentForm, pin: string): NewResident {
  return {
    name: form.name,
    building: form.building,
    unit: form.unit,
    relation: form.relation,
    leaseEndsOn: leaseOf(form),
    openMs: openMsOf(form),
    isChild: form.isChild,
    guardianId: guardianOf(form),
    ...(form.phone && { phone: form.phone }),
    ...(pin && { pin }),
  };
}

/** Only what differs: a home that stays the same is not said again. */
export function patchOf(resident: Resident, form: ResidentForm): ResidentPatch {
  const moved = form.building !== resident.building || form.unit !== resident.unit;
  return {
    ...(form.name !== resident.name && { name: form.name }),
    ...(form.phone && { phone: form.phone }),
    ...(form.relation !== resident.relation && { relation: form.relation }),
    ...(leaseOf(form) !== resident.leaseEndsOn && { leaseEndsOn: leaseOf(form) }),
    ...(openMsOf(form) !== resident.openMs && { openMs: openMsOf(form) }),
    ...(form.isChild !== resident.isChild && { isChild: form.isChild }),
    ...(guardianOf(form) !== resident.guardianId && { guardianId: guardianOf(form) }),
    ...(moved && { building: form.building, unit: form.unit }),
  };
}

const leaseOf = (form: ResidentForm): string | null => (form.relation === 'tenant' && form.leaseEndsOn) || null;
const openMsOf = (form: ResidentForm): number | null => (form.openSeconds > 0 ? form.openSeconds * 1_000 : null);
const guardianOf = (form: ResidentForm): string | null => (form.isChild ? form.guardianId : null);
