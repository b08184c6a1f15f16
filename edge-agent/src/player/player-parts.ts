import type { Clock, InstantMs } from '@gatecast/firmware-protocol';
import type { ScreenEnrolment } from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import type { JournalWriter } from '../journal/journal-writer.ts';
import type { OnSiteStatus } from '../on-site/status.ts';
import type { FetchMedia } from './media-file.ts';
import type { PlayerDocuments } from './player-documents.ts';
import type { PlayerMemory } from './player-memory.ts';

/** What the player needs of the agent. */
export interface PlayerParts {
  readonly clock: Clock;
  /** The latest moment that was ever trusted; undefined: none. */
  readonly provenNow: () => InstantMs | undefined;
  readonly log: Logger;
  readonly journal: JournalWriter;
  readonly documents: PlayerDocuments;
  readonly memory: PlayerMemory;
  /** Made if it is missing. */
  readonly mediaDir: string;
  readonly fetchMedia: FetchMedia;
  /** Room for clips on the disk. */
  readonly mediaBytesMax: number;
  /** Null before the claim. */
  readonly terminal: () => string | null;
  /** The unsealed key of `config.shortLinks`; undefined: no QR codes are shown. */
  readonly shortLinkKey: () => Buffer | undefined;
  /** What the screen says of the terminal itself; null while it is in service. */
  readonly enrolment: () => ScreenEnrolment | null;
  /** What an installer on the spot is told. */
  readonly onSite: () => Promise<OnSiteStatus>;
  readonly screen: {
    /** 0: any free one. */
    readonly port: number;
    /** Origins that may embed the page. */
    readonly frameAncestors: readonly string[];
    /** How it is known whether the panel is lit, as `panelSetting` says; default: nothing tells. */
    readonly panelProbe?: string;
    /** The built page. */
    readonly pageDir: string;
  };
}
