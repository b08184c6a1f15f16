import { z } from 'zod';
import { atMs, id, name } from '../platform/contract.ts';
import { terminalSettingsPatch } from './contract.ts';

/** What many doors may share: everything of a terminal's settings but how its own door is wired. */
const templateSettings = terminalSettingsPatch.omit({ hardware: true, readers: true, lift: true });
export type TemplateSettings = z.infer<typeof templateSettings>;

/** `POST /v1/settings-templates`, `PUT /v1/settings-templates/:id` */
export const newSettingsTemplate = z.object({
  name,
  settings: templateSettings.refine((settings) => Object.keys(settings).length > 0, 'a template sets something'),
});
export const settingsTemplate = z.object({
  id,
  name: z.string(),
  settings: templateSettings,
  createdAt: atMs,
  changedAt: atMs,
});
export type SettingsTemplate = z.infer<typeof settingsTemplate>;

const terminalIds = z.array(id).min(1).max(200);
export const templatePreviewRequest = z.object({ terminalIds });

/** One setting that would change: its name, and its value before and after. */
export const settingChange = z.object({
  field: templateSettings.keyof(),
  from: z.unknown(),
  to: z.unknown(),
});
export type SettingChange = z.infer<typeof settingChange>;

/** What a template would change, and the token that applies exactly that. */
export const templatePreview = z.object({
  items: z.array(
    z.object({
      terminalId: id,
      name: z.string(),
      entranceName: z.string(),
      /** An unclaimed terminal gets the settings when it is claimed; one that is revoked is passed over. */
      status: z.enum(['unclaimed', 'active', 'revoked']),
      changes: z.array(settingChange),
      /** The code of the reason why this door cannot be set like that; nothing of it changes then. */
      fault: z.string().nullable(),
    }),
  ),
  token: z.string(),
});
export type TemplatePreview = z.infer<typeof templatePreview>;

/** `preview-stale` if the template or one of the terminals is not as the preview saw it. */
export const templateApply = z.object({ terminalIds, token: z.string().max(100) });
export const templateApplied = z.object({
  items: z.array(
    z.object({
      terminalId: id,
      /** Of the config that has the settings; null for one that has none yet, or with a fault. */
      version: z.int().nullable(),
      fault: z.string().nullable(),
    }),
  ),
});
export type TemplateApplied = z.infer<typeof templateApplied>;
