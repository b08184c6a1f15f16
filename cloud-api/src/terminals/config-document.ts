import type { InstantMs } from '@gatecast/firmware-protocol';
import type { TerminalConfig } from '@gatecast/firmware-protocol/messages';
import { seal, shortLinkKeyPurpose } from '@gatecast/firmware-protocol/node';
import type { Reads, Tx } from '../platform/db/store.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import type { Claims } from './claims.ts';
import type { Documents } from './documents.ts';
import { runningOverride } from './door-rules.ts';
import type { KeyRotation } from './key-rotation.ts';
import { screenToken } from './screen-token.ts';
import { mutedUntil, settingsOf } from './show.ts';
import type * as rows from './store.ts';

export interface ConfigDocuments {
  /** Makes the terminal's config anew, in the transaction of the change; its version, or null before the claim, when nothing can be sealed to it. */
  publish(q: Tx, terminal: rows.PlacedTerminal): Promise<number | null>;
  /** HMAC key of the terminal's QR links. */
  shortLinkKey(q: Reads, terminalId: string): Promise<Buffer>;
}

/** The signed `config` documents: how the door is built, when it stands open or shut, what the screen does. */
export function createConfigDocuments(
  { clock, signer, publicUrl }: Platform,
  documents: Documents,
  claims: Claims,
  keys: KeyRotation,
): ConfigDocuments {
  const shortLinkKey = (q: Reads, terminalId: string) => signer.derive(q, 'short-link-root', platformOwner, terminalId);

  const publish = async (q: Tx, terminal: rows.PlacedTerminal): Promise<number | null> => {
    if (terminal.sealingKey === null) return null;
    const sealedKey = seal(terminal.sealingKey, shortLinkKeyPurpose, await shortLinkKey(q, terminal.id));
    const shortLinks = { base: `${publicUrl()}/q/`, terminalNo: terminal.no, sealedKey };
    const complaintUrl = `${publicUrl()}/h5/s/${screenToken(terminal.no, await shortLinkKey(q, terminal.id))}`;
    return documents.publish(q, terminal, 'config', configOf(terminal, { shortLinks, complaintUrl }, clock.now()));
  };
  claims.onClaimed(async (q, terminal) => void (await publish(q, terminal)));
  keys.onRotated(async (q, terminal) => void (await publish(q, terminal)));
  return { publish, shortLinkKey };
}

function configOf(
  terminal: rows.PlacedTerminal,
  links: Pick<TerminalConfig, 'shortLinks'> & Pick<TerminalConfig['screen'], 'complaintUrl'>,
  now: InstantMs,
): TerminalConfig {
  const {
    quiet,
    volumePercent,
    screenProfile: _profile,
    brightnessPercent,
    dimPercent,
    media,
    ...door
  } = settingsOf(terminal);
  const { entranceId: entrance, entranceName: name, placement, officePhone, volumeCapPercent } = terminal;
  const override = runningOverride(terminal.modeOverride, now);
  return {
    communityName: terminal.communityName,
    zone: terminal.zone,
    doors: [{ entrance, name, placement, ...door, override }],
    screen: {
      quiet,
      volumePercent: Math.min(volumePercent, volumeCapPercent),
      brightnessPercent,
      dimPercent,
      mutedUntil: mutedUntil(terminal, now),
      officePhone,
      complaintUrl: links.complaintUrl,
    },
    media,
    shortLinks: links.shortLinks,
  };
}
