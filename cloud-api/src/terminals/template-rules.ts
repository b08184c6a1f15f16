import { canonicalJson } from '@gatecast/firmware-protocol/messages';
import type { TerminalSettings } from './contract.ts';
import type { SettingChange, TemplateSettings } from './template-contract.ts';

/** What a template would change of a terminal's settings, in the template's own order. */
export const changesOf = (now: TerminalSettings, template: TemplateSettings): SettingChange[] =>
  (Object.keys(template) as (keyof TemplateSettings)[])
    .map((field) => ({ field, from: now[field], to: template[field] }))
    .filter(({ from, to }) => to !== undefined && canonicalJson(from) !== canonicalJson(to));

/** What a preview saw, as one text: if it is the same at the application, that is what was agreed to. */
export const sightOf = (
  template: { readonly id: string; readonly settings: TemplateSettings },
  terminals: readonly { readonly id: string; readonly status: string; readonly settings: TerminalSettings }[],
): string =>
  canonicalJson({
    template: { id: template.id, settings: template.settings },
    terminals: terminals
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, status, settings }) => ({ id, status, settings })),
  });
