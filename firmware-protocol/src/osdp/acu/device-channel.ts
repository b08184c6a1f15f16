import { DomainError, invariant } from '../../units/errors.ts';
import type { PayloadFault } from '../messages/payload.ts';
import type { Reply } from '../messages/replies.ts';
import { AES_BLOCK_BYTES } from '../secure/block-cipher.ts';
import type { SecureSession } from '../secure/secure-session.ts';
import { SCBK_D } from '../secure/session-keys.ts';
import type { ChannelStatus, DeviceChannelOptions, Verdict } from './channel-options.ts';
import { DeviceKeys } from './device-keys.ts';
import type { KeyCandidate, KeyRole, KeyWrite } from './device-keys.ts';
import { KeyTrial } from './key-trial.ts';
import type { PairingOptions } from './pairing-window.ts';
import { PairingWindow } from './pairing-window.ts';
import type { InsecureReason, PairingFailure } from './panel-events.ts';
import { ownAsking } from './question.ts';
import type { Asking } from './question.ts';

/** A bad line can spoil a handshake; a device that was refused before gets one a probe. */
const HANDSHAKE_ROUNDS_MAX = 4;
/** Some devices that know no secure channel do not even refuse it, and have to be used meanwhile. */
const PAIRING_PATIENCE_MS = 500;
/** A channel that is lost so often before one answer proves it is none. */
const LOSSES_IN_A_ROW_MAX = 3;

type Aim = 'own-key' | 'pairing' | 'proof';

type ChannelState =
  | { readonly kind: 'clear' }
  | { readonly kind: 'trying'; readonly aim: Aim; readonly trial: KeyTrial }
  | { readonly kind: 'open'; readonly session: SecureSession; readonly candidate: KeyCandidate };

/** A new key between the store and its proof. */
interface Rekey {
  readonly key: Uint8Array;
  readonly write: KeyWrite;
  isSent: boolean;
}

const CLEAR: ChannelState = { kind: 'clear' };

/**
 * The secure side of one device (spec annex D): which key it must prove, the channel that follows, and how it gets a key.
 *
 * A device with a key of its own never comes back to plain, nor to SCBK-D. A new key is stored before KEYSET carries it, and becomes
 * the device's own when a handshake has proven it; cut anywhere, one of the stored keys opens the device, or it still is as it was
 * before it was paired for the first time.
 */
export class DeviceChannel {
  readonly #options: DeviceChannelOptions;
  readonly #keys: DeviceKeys | undefined;
  #state: ChannelState = CLEAR;
  #window: PairingWindow | undefined;
  #rekey: Rekey | undefined;
  #promotion: KeyWrite | undefined;
  #isRefused = false;
  #lossesInARow = 0;
  #generation = 0;

  constructor(options: DeviceChannelOptions) {
    this.#options = options;
    this.#keys = options.secure && new DeviceKeys(options.secure.keys, options.onStored);
  }

  get status(): ChannelStatus {
    const state = this.#state;
    switch (state.kind) {
      case 'open':
        return state.candidate.role === 'default' ? 'pairing' : this.#isRefused ? 'refused' : 'secured';
      case 'trying':
        return state.aim === 'own-key' ? (this.#isRefused ? 'refused' : 'securing') : 'pairing';
      case 'clear':
        return this.#isRefused ? 'refused' : this.#mustBeSecure ? 'securing' : 'plain';
    }
  }

  /** Seals what is sent; undefined while the device is spoken to in plain. */
  get session(): SecureSession | undefined {
    return this.#state.kind === 'open' ? this.#state.session : undefined;
  }

  /** The channel has questions of its own to ask, one behind the other. */
  get isTrying(): boolean {
    return this.#state.kind === 'trying';
  }

  /** The device has said who it is and what it can. */
  begin(nowMs: number): Verdict {
    const own = this.#ownKeys;
    if (this.#isRefused && this.#window?.replaces === true) {
      return this.#tryPairing(this.#window, nowMs);
    }
    if (own.length > 0) {
      return this.#try('own-key', own);
    }
    if (this.#mustBeSecure) {
      return this.#window === undefined ? this.#refuse('no-key') : this.#tryPairing(this.#window, nowMs);
    }
    this.#isRefused = false;
    return 'plain';
  }

  /** To be called before anything is asked; it may end a channel that must not be used any more. */
  settle(): Verdict {
    const rekey = this.#rekey;
    if (rekey === undefined || rekey.isSent) {
      return 'going-on';
    }
    if (rekey.write.state === 'failed') {
      return this.#endRekey('key-store', rekey.write.error);
    }
    const isClosed = this.#window === undefined && this.#isOpenWith('default');
    return isClosed && rekey.write.state === 'done' ? this.#endRekey(undefined) : 'going-on';
  }

  /** What the channel itself has to ask now. `isOnline`: the device is usable in plain. */
  nextAsking(nowMs: number, isOnline: boolean): Asking | undefined {
    if (this.#state.kind === 'clear' && isOnline && this.#window?.isDueAt(nowMs) === true) {
      this.#tryPairing(this.#window, nowMs);
    }
    if (this.#state.kind === 'trying') {
      const { command, security } = this.#state.trial.handshake.step;
      const asking = ownAsking(command, nowMs, 'handshake');
      const patienceMs = this.#state.aim === 'pairing' ? PAIRING_PATIENCE_MS : Number.POSITIVE_INFINITY;
      return { ...asking, security, work: { ...asking.work, expiresAtMs: nowMs + patienceMs } };
    }
    const rekey = this.#rekey;
    if (this.#state.kind !== 'open' || rekey === undefined || rekey.isSent || rekey.write.state !== 'done') {
      return undefined;
    }
    rekey.isSent = true;
    // From here on the device may hold either.
    this.#keys?.noteProven(undefined);
    return ownAsking({ kind: 'keyset', keyType: 1, key: rekey.key }, nowMs, 'keyset');
  }

  /** The answer to a `handshake` question. */
  receiveHandshake(reply: Reply | PayloadFault): Verdict {
    if (this.#state.kind !== 'trying') {
      return 'going-on';
    }
    const { trial, aim } = this.#state;
    const result = trial.handshake.receive(reply);
    if (result === 'next-step') {
      return 'going-on';
    }
    return typeof result === 'string' ? this.#notProven(result) : this.#proven(trial.candidate, aim, result);
  }

  /** The answer to KEYSET; undefined when the device lost the channel over it. Unless it refused, the new key has to show itself. */
  receiveKeyset(reply: Reply | PayloadFault | undefined): Verdict {
    const rekey = this.#rekey;
    if (typeof reply === 'object' && reply.kind === 'nak') {
      this.#forgetNext();
      return this.#endRekey('keyset-refused');
    }
    return rekey === undefined ? this.lost() : this.#try('proof', this.#ownKeys);
  }

  /** A sealed answer was genuine; it ends the time in which the device was refused. */
  noteGenuine(): Verdict {
    this.#lossesInARow = 0;
    if (!this.#isRefused || this.#isOpenWith('default')) {
      return 'going-on';
    }
    this.#isRefused = false;
    return this.#announce();
  }

  /** The device does not know the channel any more, or what is left of it cannot be used. */
  lost(): Verdict {
    if (this.#state.kind === 'trying') {
      return this.#notProven('interrupted');
    }
    if (this.#isOpenWith('default')) {
      return this.#endRekey('interrupted');
    }
    this.#state = CLEAR;
    this.#lossesInARow += 1;
    return this.#lossesInARow > LOSSES_IN_A_ROW_MAX ? this.#refuse('unstable') : this.#try('own-key', this.#ownKeys);
  }

  /** Time passes: the window closes, and what the store has written counts. */
  advance(nowMs: number): void {
    if (this.#window?.isOverAt(nowMs) === true) {
      this.#closeWindow();
    }
    const { state, error } = this.#promotion ?? { state: 'pending', error: undefined };
    if (state === 'done') {
      this.#promotion = undefined;
      this.#options.metrics.pairings += 1;
      this.#options.emit({ type: 'pairing', state: 'paired' });
    } else if (state === 'failed') {
      this.#promotion = undefined;
      this.#failPairing('key-store', error);
    }
  }

  /** The device has gone offline or is taken off the bus. A KEYSET that went out shows its effect when the device is back. */
  close(): void {
    const rekey = this.#rekey;
    this.#state = CLEAR;
    this.#rekey = undefined;
    if (rekey?.isSent === false) {
      this.#failPairing('offline');
    }
  }

  /** Rejects with DomainError `osdp-secure-missing` or `osdp-already-paired`. */
  openWindow(untilMs: number, { replaces = false }: PairingOptions = {}): void {
    if (this.#keys === undefined) {
      throw new DomainError('osdp-secure-missing', 'This control panel was made without keys.');
    }
    if (this.#hasOwnKey && (!replaces || this.status === 'secured')) {
      throw new DomainError('osdp-already-paired', 'This device has a key of its own.');
    }
    this.#window = new PairingWindow(untilMs, replaces);
  }

  /** Rejects with DomainError `osdp-not-secured` or `osdp-rekey-running`. */
  rotate(): void {
    if (this.#state.kind !== 'open' || this.#state.candidate.role === 'default') {
      throw new DomainError('osdp-not-secured', 'A key can only be changed inside a secure channel.');
    }
    if (this.#rekey !== undefined || this.#promotion !== undefined) {
      throw new DomainError('osdp-rekey-running', 'The key of this device is being changed already.');
    }
    this.#startRekey(this.#state.candidate.key);
  }

  /** Before COMSET leaves, so that a crash in between finds the key under both addresses. */
  copyKeyTo(address: number): KeyWrite | undefined {
    return this.#keys?.copy(this.#options.address(), address);
  }

  /** The device has moved, mostly to where it was told, and its key with it. A key that is left behind opens nothing. */
  moveKey(wanted: number, to: number): void {
    const from = this.#options.address();
    if (this.#ownKeys.length === 0) {
      // What is stored for the wanted address belongs to somebody else.
      return;
    }
    // Once more: since COMSET was ordered it may have been given another.
    this.copyKeyTo(to);
    for (const left of new Set([from, wanted])) {
      if (left !== to) {
        this.#keys?.forget(left);
      }
    }
  }

  get #ownKeys(): KeyCandidate[] {
    return this.#keys?.candidates(this.#options.address()) ?? [];
  }

  get #mustBeSecure(): boolean {
    return this.#options.isRequired || this.#hasOwnKey;
  }

  get #hasOwnKey(): boolean {
    return this.#keys?.hasOwn(this.#options.address()) === true;
  }

  #isOpenWith(role: KeyRole): boolean {
    return this.#state.kind === 'open' && this.#state.candidate.role === role;
  }

  #try(aim: Aim, candidates: readonly KeyCandidate[]): Verdict {
    const [first] = candidates;
    const { secure } = this.#options;
    if (first === undefined || secure === undefined) {
      return this.#withoutChannel('no-key');
    }
    const rounds = this.#isRefused || aim === 'pairing' ? 1 : HANDSHAKE_ROUNDS_MAX;
    const trial = new KeyTrial({ newCipher: secure.newCipher, random: secure.random, candidates, rounds }, first);
    this.#state = { kind: 'trying', aim, trial };
    return 'going-on';
  }

  #tryPairing(window: PairingWindow, nowMs: number): Verdict {
    window.noteTry(nowMs);
    return this.#try('pairing', [...this.#ownKeys, { key: SCBK_D, role: 'default' }]);
  }

  #proven(candidate: KeyCandidate, aim: Aim, session: SecureSession): Verdict {
    const { key, role } = candidate;
    this.#state = { kind: 'open', session, candidate };
    this.#options.metrics.handshakes += 1;
    if (role === 'default') {
      this.#startRekey(undefined);
      return 'going-on';
    }
    this.#keys?.noteProven(key);
    if (role === 'next') {
      this.#rekey = undefined;
      this.#window = undefined;
      this.#promotion ??= this.#keys?.promote(this.#options.address(), key, this.#options.serial());
    } else {
      if (aim === 'proof') {
        this.#rekey = undefined;
        this.#failPairing('not-taken');
      }
      // It was not replaced after all, and what comes in its place later is not what the window was opened for.
      this.#closeWindow();
    }
    // Who was refused because its channels break has to answer in this one first.
    return this.#isRefused ? 'going-on' : this.#announce();
  }

  #announce(): Verdict {
    this.#generation += 1;
    this.#options.emit({ type: 'secured', generation: this.#generation });
    return 'secured';
  }

  #notProven(reason: InsecureReason): Verdict {
    invariant(this.#state.kind === 'trying', 'only a handshake can fail to prove a key');
    const { trial, aim } = this.#state;
    if (trial.next()) {
      return 'going-on';
    }
    this.#state = CLEAR;
    this.#rekey = undefined;
    if (aim !== 'own-key') {
      this.#failPairing(aim === 'proof' ? 'not-proven' : reason);
    } else if (!this.#mustBeSecure) {
      // The key was stored but has never shown itself: the device is as it was before somebody began to pair it.
      this.#failPairing('not-proven');
    }
    return this.#withoutChannel(reason);
  }

  #closeWindow(): void {
    if (this.#window !== undefined) {
      this.#window = undefined;
      this.#options.emit({ type: 'pairing', state: 'closed' });
    }
  }

  /** `proven`: the key that the device is known to hold. */
  #startRekey(proven: Uint8Array | undefined): void {
    const { secure, address } = this.#options;
    invariant(secure !== undefined && this.#keys !== undefined, 'a channel is only made with keys');
    const key = secure.random(AES_BLOCK_BYTES);
    this.#rekey = { key, write: this.#keys.storeNext(address(), key, proven), isSent: false };
  }

  /** The device keeps the key that it has. Without one of its own, that is the end of the channel. */
  #endRekey(failure: PairingFailure | undefined, error?: unknown): Verdict {
    const isStored = this.#rekey?.write.state === 'done' && !this.#rekey.isSent;
    this.#rekey = undefined;
    if (isStored) {
      this.#forgetNext();
    }
    if (failure !== undefined) {
      this.#failPairing(failure, error);
    }
    if (this.#state.kind === 'open' && this.#state.candidate.role !== 'default') {
      return 'going-on';
    }
    this.#state = CLEAR;
    return this.#withoutChannel('no-key');
  }

  #forgetNext(): void {
    this.#keys?.forgetNext(this.#options.address());
  }

  #withoutChannel(reason: InsecureReason): Verdict {
    return this.#mustBeSecure ? this.#refuse(reason) : 'plain';
  }

  /** Told once, until a key is proven again. */
  #refuse(reason: InsecureReason): Verdict {
    this.#state = CLEAR;
    if (!this.#isRefused) {
      this.#isRefused = true;
      this.#options.emit({ type: 'insecure', reason });
    }
    return 'insecure';
  }

  #failPairing(reason: PairingFailure, error?: unknown): void {
    if (this.#window?.isNews(reason) !== false) {
      this.#options.emit({ type: 'pairing', state: 'failed', reason, ...(error === undefined ? {} : { error }) });
    }
  }
}
