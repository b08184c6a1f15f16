import type { As, Keeper, Scope } from '../platform/auth.ts';
import { id } from '../platform/contract.ts';
import { notFound } from '../platform/errors.ts';
import type { Communities, Manager } from './service.ts';

/** The community that the path's `:id` names, kept by the caller: a guard may look. */
export const kept =
  (communities: Communities): Scope<Keeper> =>
  async (q, who, { params }) => {
    await communities.mayKeep(q, who, id.parse(params['id']));
  };

/** The community that the path's `:id` names. */
export const managed =
  (communities: Communities): Scope<Manager> =>
  async (q, who, { params }) => {
    await communities.mayManage(q, who, id.parse(params['id']));
  };

/** A resident's own record, or one of a community that the caller manages. */
export const reachable =
  (communities: Communities): Scope<As<'operator' | 'property' | 'resident'>> =>
  async (q, who, { params }) => {
    const found = await communities.resident(q, id.parse(params['id']));
    if (who.role !== 'resident') await communities.mayManage(q, who, found.communityId);
    else if (found.id !== who.residentId) throw notFound('resident');
  };
