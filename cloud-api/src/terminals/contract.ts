import {
  doorAlarm,
  doorHardware,
  doorMode,
  liftConfig,
  mediaTerms,
  modeOverrideMsMax,
  modeSchedule,
  presence,
  readerConfig,
  screenStanding,
} from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs, id, name, placement } from '../platform/contract.ts';

export const newTerminal = z.object({ communityId: id, entranceId: id, name });
/** The claim code is shown once, here, and typed (or passed) to the terminal. */
export const newTerminalCreated = z.object({ id, claimCode: z.string(), claimExpiresAt: atMs });
export type NewTerminalCreated = z.infer<typeof newTerminalCreated>;

const documentState = z.object({
  /** Newest version made; null before the first. */
  desired: z.int().nullable(),
  /** Version in force on the terminal. */
  applied: z.int().nullable(),
  /** `applied`: both are equal; `failed`: the newest was refused; `reverted`: it was in force and did not work. Then `applied` is the last good one. */
  state: z.enum(['none', 'pending', 'applied', 'failed', 'reverted']),
  reason: z.string().nullable(),
  appliedAt: atMs.nullable(),
});
export type DocumentState = z.infer<typeof documentState>;

const dailyWindow = z.object({
  fromMinute: z.int().min(0).max(1439),
  toMinute: z.int().min(0).max(1439),
});

/** How the door is built and when it stands open or shut for everybody; the limits are those of the terminal's own document. */
const doorSetup = z.object({
  /** A door open for longer raises an alarm. */
  heldOpenMs: z.int().min(5_000).max(600_000),
  bounceMs: z.int().min(0).max(1_000),
  hardware: doorHardware,
  readers: z.array(readerConfig).max(4),
  lift: liftConfig.nullable(),
  schedules: z.array(modeSchedule).max(32),
  antiPassback: z.boolean(),
});
export type DoorSetup = z.infer<typeof doorSetup>;

const terminalSettings = doorSetup.extend({
  openMs: z.int().min(500).max(30_000).multipleOf(100),
  quiet: dailyWindow,
  /** Of clips, outside the quiet hours; the community's cap comes on top. */
  volumePercent: z.int().min(0).max(100),
  /** A: 1080×1920 and a machine strong enough for it; B: 720×1280. */
  screenProfile: z.enum(['A', 'B']),
  /** How bright outside and inside the quiet hours; 100 is all that the panel has. */
  brightnessPercent: z.int().min(10).max(100),
  dimPercent: z.int().min(10).max(100),
  /** When and how fast it fetches clips that nobody waits for. */
  media: mediaTerms,
});
export type TerminalSettings = z.infer<typeof terminalSettings>;
/** `PATCH /v1/terminals/:id/config` */
export const terminalSettingsPatch = terminalSettings.partial();

const muteDaysMax = 31;
/** `PUT /v1/terminals/:id/mute`: the screen is silent for so long from now on; 0 gives it its voice back. */
export const newMute = z.object({
  minutes: z
    .int()
    .min(0)
    .max(muteDaysMax * 24 * 60),
});

/**
 * `PUT /v1/terminals/:id/mode` and `PUT /v1/communities/:id/mode`, from now on. Without `minutes` a lockdown lasts four hours and `normal` gives the
 * door back to its schedules; `normal` with `minutes` holds a schedule off for that time. Free passage names its minutes, a day at most.
 */
export const newMode = z.object({
  mode: doorMode,
  minutes: z
    .int()
    .min(1)
    .max(modeOverrideMsMax / 60_000)
    .optional(),
});
export type NewMode = z.output<typeof newMode>;

/** What became of a community's mode at each of its terminals. */
export const communityMode = z.object({
  items: z.array(
    z.object({
      terminalId: id,
      entranceName: z.string(),
      /** `waiting`: away; it obeys when it is back, if the mode is still in force. */
      state: z.enum(['sent', 'waiting', 'unclaimed', 'revoked']),
    }),
  ),
});
export type CommunityMode = z.infer<typeof communityMode>;

/** What can be raised at a door and last. `duress` is shown to the property alone. */
export const standingAlarm = z.object({
  kind: z.enum(['fire', ...doorAlarm.exclude(['door-online']).options]),
  since: atMs,
  entranceId: id,
});
export type StandingAlarm = z.infer<typeof standingAlarm>;

/** Two machines that signed in with one terminal's key, as far as that can be told. */
const cloneSighting = z.object({
  at: atMs,
  /** `went-back`: from where the terminal was before, as an old copy of its data would; `forked`: from where it is, by another way; `silent`: without saying where it stands. */
  kind: z.enum(['went-back', 'forked', 'silent']),
  /** Whether both said that they are the same machine, as they do when a backup was put back; null if one did not say. */
  sameMachine: z.boolean().nullable(),
  /** The sign-in that was in order, and the one that did not fit. */
  known: z.object({ at: atMs, address: z.string().nullable(), counter: z.int() }),
  other: z.object({ at: atMs, address: z.string().nullable(), counter: z.int().nullable() }),
});
export type CloneSighting = z.infer<typeof cloneSighting>;

export const terminal = z.object({
  id,
  name: z.string(),
  communityId: id,
  communityName: z.string(),
  entranceId: id,
  entranceName: z.string(),
  placement,
  zone: z.string(),
  status: z.enum(['unclaimed', 'active', 'revoked']),
  /** Of the machine, as it offered itself. */
  model: z.string().nullable(),
  /** Since when it has the keys that it has; null if that was not kept. */
  keysSince: atMs.nullable(),
  /** Somebody wants it to have new keys, and it has not made them yet. */
  keysAskedAt: atMs.nullable(),
  /** Its key is on two machines, and nobody has decided yet: neither may sign in. The doors go on opening. */
  cloned: cloneSighting.nullable(),
  online: z.boolean(),
  doorOnline: z.boolean(),
  lastSeenAt: atMs.nullable(),
  agentVersion: z.string().nullable(),
  settings: terminalSettings,
  /** Somebody wants the screen to be silent until then; null: nobody does. */
  mutedUntil: atMs.nullable(),
  /** What the screen shows, in the terminal's last words; null: it does not tell. */
  screen: screenStanding.nullable(),
  mode: z.object({
    /** What should hold now: what was set by hand, else the schedules. What does hold stands in `doors`. */
    wanted: doorMode,
    /** Set by hand and not over. */
    override: z.object({ mode: doorMode, from: atMs, to: atMs }).nullable(),
  }),
  /** How each door stands, in the terminal's last words. */
  doors: presence.shape.doors.unwrap(),
  /** Raised and not over, newest first. */
  alarms: z.array(standingAlarm),
  documents: z.object({
    config: documentState,
    access: documentState,
    plan: documentState,
    media: documentState,
    notices: documentState,
    /** The release that it was told to run; `applied` once it has proven itself there. */
    software: documentState,
  }),
});
export type Terminal = z.infer<typeof terminal>;
