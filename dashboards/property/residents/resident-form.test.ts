import type { Resident } from '@gatecast/cloud-api/client';
import { expect, it } from 'vitest';
import { emptyForm, formOf, newResidentOf, patchOf } from './resident-form.ts';

const tenant: Resident = {
  id: 'res_1',
  communityId: 'com_1',
  unitId: 'unit_1',
  building: '3 号楼',
  unit: '1203',
  floor: null,
  name: '林晓',
  phoneMasked: '138****1234',
  relation: 'tenant',
  leaseEndsOn: '2027-03-31',
  state: 'active',
  movedInOn: '2026-04-01',
  movedOutAt: null,
  isChild: false,
  guardianId: null,
  openMs: null,
  hasPin: true,
  hasDuressPin: false,
};

it('nothing is sent of what was not changed, and the phone stays if it is left empty', () => {
  expect(patchOf(tenant, formOf(tenant))).toEqual({});
});

it('whoever buys the flat has no lease any more', () => {
  expect(patchOf(tenant, { ...formOf(tenant), relation: 'owner' })).toEqual({ relation: 'owner', leaseEndsOn: null });
});

it('building and unit go together', () => {
  expect(patchOf(tenant, { ...formOf(tenant), unit: '1204' })).toEqual({ building: '3 号楼', unit: '1204' });
});

it('somebody new has a guardian only as a child', () => {
  const form = { ...emptyForm({ building: '1', unit: '101' }), name: '小宝', guardianId: 'res_1' };
  expect(newResidentOf(form, '')).toMatchObject({ guardianId: null });
  expect(newResidentOf({ ...form, isChild: true }, '')).toMatchObject({ guardianId: 'res_1' });
});
