import type { Communities } from '../communities/service.ts';
import type { Platform } from '../platform/platform.ts';
import { credentialRoutes } from './credential-routes.ts';
import { ownRoutes } from './own-routes.ts';
import { passRoutes, scheduleRoutes } from './pass-routes.ts';
import type { Access } from './service.ts';

/** Who may enter, for the property and for residents. The log and the alarms have files of their own. */
export function accessRoutes(platform: Platform, access: Access, communities: Communities): void {
  passRoutes(platform, access, communities);
  scheduleRoutes(platform, access, communities);
  credentialRoutes(platform, access, communities);
  ownRoutes(platform, access);
}
