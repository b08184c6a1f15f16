import type { InstantMs } from '@gatecast/firmware-protocol';
import { canonicalJson } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Account } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { ConfigDocuments } from './config-document.ts';
import type { TerminalSettings, terminalSettingsPatch } from './contract.ts';
import { doorFault, type DoorFault } from './door-rules.ts';
import { settingsOf } from './show.ts';
import type * as rows from './store.ts';

export type SettingsPatch = z.output<typeof terminalSettingsPatch>;
type RewiredHook = (q: Tx, terminalId: string) => Promise<void>;
/** Gets the terminal as it is now. */
type RescreenedHook = (q: Tx, terminal: rows.PlacedTerminal) => Promise<void>;

export interface SettingsDesk {
  /**
   * Sets a terminal as the patch says and makes its config anew, in the caller's transaction. The version of the config; null before the claim.
   * Rejects with the code of the first reason why no door can be built like that.
   */
  change(
    q: Tx,
    who: Account | 'system',
    before: rows.PlacedTerminal,
    patch: SettingsPatch,
    facts?: object,
  ): Promise<number | null>;
  /** Runs in the transaction that changes how a door is wired. */
  onRewired(hook: RewiredHook): void;
  /** Runs in the transaction in which a terminal turns out to have another kind of screen: it plays other files. */
  onRescreened(hook: RescreenedHook): void;
  /** Silences a screen until then; null gives it its voice back. */
  mute(q: Tx, who: Account, terminal: rows.PlacedTerminal, until: InstantMs | null): Promise<void>;
}

/** The one place where the settings of terminals change. */
export function createSettingsDesk({ audit }: Platform, configs: ConfigDocuments): SettingsDesk {
  const hooks: RewiredHook[] = [];
  const screenHooks: RescreenedHook[] = [];
  return {
    async change(q, who, before, patch, facts = {}) {
      const { settings, fault } = settingsAfter(before, patch);
      if (fault) throw refusal(fault.code, fault.message);
      const change = columnsOf(settings);
      await q.update(q.t.terminals).set(change).where(eq(q.t.terminals.id, before.id));
      await audit(q, { who, action: 'terminal.configure', subject: before.id, facts: { ...facts, ...patch } });
      if (isRewired(settingsOf(before), settings)) for (const hook of hooks) await hook(q, before.id);
      const after = { ...before, ...change };
      const version = await configs.publish(q, after);
      if (before.screenProfile !== settings.screenProfile) for (const hook of screenHooks) await hook(q, after);
      return version;
    },
    async mute(q, who, terminal, mutedUntil) {
      await q.update(q.t.terminals).set({ mutedUntil }).where(eq(q.t.terminals.id, terminal.id));
      await audit(q, { who, action: 'terminal.mute', subject: terminal.id, facts: { mutedUntil } });
      await configs.publish(q, { ...terminal, mutedUntil });
    },
    onRewired: (hook) => void hooks.push(hook),
    onRescreened: (hook) => void screenHooks.push(hook),
  };
}

/** What a patch makes of a terminal's settings, and the first reason why no door can be built like that. */
export function settingsAfter(
  terminal: rows.PlacedTerminal,
  patch: SettingsPatch,
): { readonly settings: TerminalSettings; readonly fault: DoorFault | undefined } {
  const settings = { ...settingsOf(terminal), ...definedOnly(patch) };
  return { settings, fault: doorFault(terminal.placement, settings) };
}

export const columnsOf = ({ openMs, quiet, media: mediaTerms, ...settings }: TerminalSettings) => {
  const { volumePercent, screenProfile, brightnessPercent, dimPercent, ...door } = settings;
  const screen = { volumePercent, screenProfile, brightnessPercent, dimPercent };
  return { door, openMs, quietFromMinute: quiet.fromMinute, quietToMinute: quiet.toMinute, mediaTerms, ...screen };
};

/** A patch without the properties that are there but undefined. */
const definedOnly = (patch: SettingsPatch): Partial<TerminalSettings> =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));

function isRewired(before: TerminalSettings, after: TerminalSettings): boolean {
  const wires = ({ hardware, readers, lift }: TerminalSettings) => canonicalJson({ hardware, readers, lift });
  return wires(before) !== wires(after);
}
