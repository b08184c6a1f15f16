import type { OsdpFrame } from '../frame/frame.ts';
import { decodeFrame } from '../frame/frame.ts';
import { WirePanel } from '../pd/wire-panel.fixture.ts';

/** A panel on whose line somebody listens. */
export class HeardPanel extends WirePanel {
  /** Both directions, in order. */
  readonly heard: OsdpFrame[] = [];

  override exchange(bytes: Uint8Array): OsdpFrame | undefined {
    const command = decodeFrame(bytes);
    if (typeof command !== 'string') {
      this.heard.push(command);
    }
    const reply = super.exchange(bytes);
    if (reply !== undefined) {
      this.heard.push(reply);
    }
    return reply;
  }
}
