import type { InstantMs } from '@gatecast/firmware-protocol';
import { hourOf, passEpoch } from '@gatecast/firmware-protocol/pass';
import type { Account } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { BytesSigner, PublicKey } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import * as rows from './pass-keys-store.ts';

/** Weeks whose code keys a terminal holds: the last one, this one, and five to come (DESIGN: never more). */
export const weeksAhead = 5;
export const codeEpochs = (now: InstantMs): readonly number[] => {
  const current = passEpoch(hourOf(now));
  return Array.from({ length: weeksAhead + 2 }, (_, n) => current - 1 + n);
};

const entranceNoMax = 4_095;

/** Keys by which a terminal knows passes that no list has told it of. All of a community's begin anew with each generation. */
export interface PassKeyBook {
  /** Makes what is missing before a community's first pass or list; a second time does nothing. */
  ensure(q: Tx, communityId: string): Promise<void>;
  generation(q: Reads, communityId: string): Promise<number>;
  /** 32 bytes: the HMAC key of typed pass codes that begin in the week `epoch` (`passEpoch`). Default: of the present generation. */
  codeKey(q: Reads, communityId: string, epoch: number, generation?: number): Promise<Buffer>;
  /** Who signs the community's passes; `encodeSignedPass(claims, issuer.sign)`. Default: of the present generation. */
  issuer(q: Reads, communityId: string, generation?: number): Promise<BytesSigner>;
  /** The issuers whose passes open, as lists name them. */
  issuers(q: Reads, communityId: string): Promise<readonly PublicKey[]>;
  /** Numbers of all entrances of the community by entrance; new entrances get theirs. Rejects with `conflict` when 4,095 are given away. */
  doorNumbers(q: Tx, communityId: string): Promise<ReadonlyMap<string, number>>;
  /** Those that have their number already. */
  knownDoorNumbers(q: Reads, communityId: string): Promise<ReadonlyMap<string, number>>;
  /** Voids every signed pass and every typed pass code that was made before. The new generation. */
  roll(q: Tx, who: Account, communityId: string): Promise<number>;
  /** Runs in the transaction of `roll`, with the credentials whose typed codes are void now. */
  onRolled(hook: (q: Tx, communityId: string, voided: readonly string[]) => Promise<void>): void;
}

export function createPassKeys({ signer, clock, audit }: Platform): PassKeyBook {
  const hooks: ((q: Tx, communityId: string, voided: readonly string[]) => Promise<void>)[] = [];
  const generationOf = async (q: Reads, communityId: string) => (await rows.findGeneration(q, communityId)) ?? 1;
  /** The first one stands under the community's own id. */
  const issuerOwner = (communityId: string, generation: number) =>
    generation === 1 ? communityId : `${communityId}|${generation}`;
  const issuer: PassKeyBook['issuer'] = async (q, communityId, generation) =>
    signer.passIssuer(q, issuerOwner(communityId, generation ?? (await generationOf(q, communityId))));
  const knownDoorNumbers = async (q: Reads, communityId: string): Promise<Map<string, number>> =>
    new Map((await rows.entranceNumbers(q, communityId)).map(({ entranceId, no }) => [entranceId, no]));

  return {
    async ensure(q, communityId) {
      await signer.ensure(q, 'pass-issuer', issuerOwner(communityId, await generationOf(q, communityId)));
    },
    generation: generationOf,
    async codeKey(q, communityId, epoch, generation) {
      const of = generation ?? (await generationOf(q, communityId));
      return signer.derive(q, 'code-root', communityId, `pass-code|${of}|${epoch}`);
    },
    issuer,
    async issuers(q, communityId) {
      const { kid, publicKey } = await issuer(q, communityId);
      return [{ kid, publicKey }];
    },
    async doorNumbers(q, communityId) {
      const numbers = await knownDoorNumbers(q, communityId);
      let last = Math.max(0, ...numbers.values());
      for (const entranceId of await rows.entrancesWithoutNumber(q, communityId)) {
        last += 1;
        if (last > entranceNoMax) throw refusal('conflict', `a community has at most ${entranceNoMax} entrances`);
        await q.insert(q.t.entranceNumbers).values({ entranceId, communityId, no: last });
        numbers.set(entranceId, last);
      }
      return numbers;
    },
    knownDoorNumbers,
    async roll(q, who, communityId) {
      const voided = await rows.codesInUse(q, communityId, clock.now());
      const generation = (await generationOf(q, communityId)) + 1;
      await rows.saveGeneration(q, communityId, generation, clock.now());
      await signer.ensure(q, 'pass-issuer', issuerOwner(communityId, generation));
      await audit(q, { who, action: 'pass-keys.roll', subject: communityId, facts: { generation } });
      for (const hook of hooks) await hook(q, communityId, voided);
      return generation;
    },
    onRolled: (hook) => void hooks.push(hook),
  };
}
