import { DomainError, type ControlPanel, type ControlPanelEvent, type DeviceStatus } from '@gatecast/firmware-protocol';
import type { WireSecurity } from '@gatecast/firmware-protocol/messages';
import type { ReaderEvent, Readers } from '../door-controller.ts';
import type { OsdpWiring } from './osdp-wiring.ts';

export interface OsdpWiresParts {
  readonly panel: Pick<ControlPanel, 'device' | 'openPairingWindow' | 'rotateKey'>;
  readonly wiring: OsdpWiring;
  /** There is a place to keep keys in. */
  readonly canPair: boolean;
  readonly onReader: (event: ReaderEvent) => void;
}

type SecurityEvent = Extract<ControlPanelEvent, { readonly type: 'secured' | 'insecure' | 'pairing' }>;
type WireState = Extract<ReaderEvent, { readonly type: 'wire' }>['state'];

/** How the wires to the devices of one OSDP bus are kept: pairing, new keys, and who cannot prove one. */
export class OsdpWires implements Pick<Readers, 'wires' | 'pair' | 'rotateKeys'> {
  readonly #parts: OsdpWiresParts;
  readonly #rotating = new Set<number>();
  /** Devices whose channel was last told to stand: it is made anew after each power cut, which is no news. */
  readonly #secured = new Set<number>();

  constructor(parts: OsdpWiresParts) {
    this.#parts = parts;
  }

  wires(entrance: string): ReturnType<Readers['wires']> {
    const { panel, wiring } = this.#parts;
    return wiring.addressesOf(entrance).map((address) => ({ address, wire: wireOf(panel.device(address)) }));
  }

  pair(entrance: string, untilMono: number): boolean {
    const { panel } = this.#parts;
    return this.#each(entrance, (address) => panel.openPairingWindow(address, untilMono, { replaces: true }));
  }

  rotateKeys(entrance: string): boolean {
    return this.#each(entrance, (address) => {
      this.#parts.panel.rotateKey(address);
      this.#rotating.add(address);
    });
  }

  hear(event: SecurityEvent): void {
    const { address } = event;
    switch (event.type) {
      case 'secured':
        if (!this.#secured.has(address)) this.#tell(address, 'secured', null);
        this.#secured.add(address);
        return;
      case 'insecure':
        this.#secured.delete(address);
        return this.#tell(address, 'insecure', event.reason);
      case 'pairing':
        return this.#hearPairing(event);
    }
  }

  #hearPairing(event: Extract<SecurityEvent, { readonly type: 'pairing' }>): void {
    const wasRotating = this.#rotating.delete(event.address);
    switch (event.state) {
      case 'paired':
        return this.#tell(event.address, wasRotating ? 'key-changed' : 'paired', null);
      case 'failed':
        return this.#tell(event.address, 'pairing-failed', event.reason);
      case 'closed':
        return this.#tell(event.address, 'pairing-failed', 'window-closed');
    }
  }

  /** One device that cannot is told as such and keeps no other from it. */
  #each(entrance: string, act: (address: number) => void): boolean {
    const addresses = this.#parts.wiring.addressesOf(entrance);
    if (!this.#parts.canPair || addresses.length === 0) return false;
    for (const address of addresses) {
      try {
        act(address);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        this.#tell(address, 'pairing-failed', error.code);
      }
    }
    return true;
  }

  #tell(address: number, state: WireState, reason: string | null): void {
    for (const { entrance, side } of this.#parts.wiring.placesOf(address)) {
      this.#parts.onReader({ type: 'wire', entrance, side, address, state, reason });
    }
  }
}

function wireOf(device: DeviceStatus | undefined): WireSecurity {
  switch (device?.secure) {
    case 'refused':
      return 'insecure';
    case 'pairing':
    case 'secured':
      return device.secure;
    default:
      return device?.phase === 'online' && device.secure === 'plain' ? 'plain' : 'offline';
  }
}
