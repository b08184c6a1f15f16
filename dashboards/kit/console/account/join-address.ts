import type { InvitableRole } from './team-page.tsx';

/** The app in which somebody of that role sets a password and signs in; all who come from the trade's side share one. */
export function joinAt(role: InvitableRole): string {
  switch (role) {
    case 'operator':
    case 'property':
    case 'guard':
      return `/${role}/`;
    case 'merchant':
    case 'store-staff':
    case 'leader':
    case 'supplier':
      return '/merchant/';
  }
}
