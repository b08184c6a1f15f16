import { decode, encode, Tagged } from 'cborg';
import { z } from 'zod';
import { fromBase45, toBase45 } from './base45.ts';
import { packCredentialId, packedIdBytes, unpackCredentialId } from './packed-id.ts';

/** Whom a signed pass may let in: never a resident, who has a key of their own. */
export const passPersons = ['visitor', 'courier', 'staff', 'maintenance', 'emergency'] as const;
export type PassPerson = (typeof passPersons)[number];

export interface PassClaims {
  /** Of the credential that the pass is. */
  readonly id: string;
  /** UTC ms, half-open; carried in whole seconds, never longer than asked for. */
  readonly from: number;
  readonly to: number;
  /** Numbers of the entrances that it opens (`PassKeys.doors`); null for every one of the community. */
  readonly doors: readonly number[] | null;
  /** How often it opens at each terminal; null for any number of times. */
  readonly uses: number | null;
  readonly person: PassPerson;
  /** `passCodeNo` of the typed code that is the same pass; null for one that has none a terminal could read without a list. */
  readonly codeNo: number | null;
}

/**
 * A pass as a QR code: `GC1:` and base 45 of a COSE_Sign1 (RFC 9052) by Ed25519. The payload is a CWT claims set (RFC 8392): nbf 5, exp 4, cti 7;
 * ours: -1 doors, a list of numbers or a bit field whichever is shorter; -2 uses; -3 place in {@link passPersons}; -4 the number of its typed code. Which community it
 * is for is said by the key that signed it.
 */
export const signedPassBytesMax = 130;
const prefix = 'GC1:';
const coseSign1 = 18;
/** {1: -8}: alg EdDSA. */
const protectedHeader = Uint8Array.of(0xa1, 0x01, 0x27);
const doorNoMax = 4_095;

/** The bytes that are signed: Sig_structure of RFC 9052, section 4.4. */
const signedBytes = (payload: Uint8Array): Uint8Array =>
  encode(['Signature1', protectedHeader, new Uint8Array(), payload]);

/** The QR code's text. Throws RangeError for claims that do not fit into {@link signedPassBytesMax} or that no pass may make. */
export function encodeSignedPass(claims: PassClaims, sign: (bytes: Uint8Array) => Uint8Array): string {
  const payload = encode(claimsMap(claims));
  const bytes = encode(new Tagged(coseSign1, [protectedHeader, new Map(), payload, sign(signedBytes(payload))]));
  if (bytes.length > signedPassBytesMax) throw new RangeError(`a signed pass has at most ${signedPassBytesMax} bytes`);
  return prefix + toBase45(bytes);
}

export interface ReadPass {
  readonly claims: PassClaims;
  /** What `signature` has to be over. */
  readonly signed: Uint8Array;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
}

/** Undefined for any text that is not a signed pass in its one shortest form; whether the signature is good is for the reader to say. */
export function readSignedPass(text: string): ReadPass | undefined {
  const bytes = text.startsWith(prefix) ? fromBase45(text.slice(prefix.length)) : undefined;
  if (!bytes || bytes.length > signedPassBytesMax) return undefined;
  const envelope = sign1.safeParse(decoded(bytes)).data;
  const map = envelope && claimsShape.safeParse(decoded(envelope[2])).data;
  const id = map && unpackCredentialId(map.get(claim.id) as Uint8Array);
  if (!id) return undefined;
  const claims = claimsOf(id, map);
  return claims && { claims, signed: signedBytes(envelope[2]), signature: envelope[3] };
}

const claim = { to: 4, from: 5, id: 7, doors: -1, uses: -2, person: -3, codeNo: -4 } as const;

function claimsMap({ id, from, to, doors, uses, person, codeNo }: PassClaims): Map<number, unknown> {
  if (from < 0 || to <= from) throw new RangeError('a pass ends after it begins');
  const map = new Map<number, unknown>([
    [claim.to, Math.floor(to / 1_000)],
    [claim.from, Math.ceil(from / 1_000)],
    [claim.id, packCredentialId(id)],
  ]);
  if (doors) map.set(claim.doors, shortestDoors(doors));
  if (uses !== null) map.set(claim.uses, uses);
  if (person !== 'visitor') map.set(claim.person, passPersons.indexOf(person));
  if (codeNo !== null) map.set(claim.codeNo, codeNo);
  return map;
}

function shortestDoors(doors: readonly number[]): readonly number[] | Uint8Array {
  const sorted = [...new Set(doors)].sort((a, b) => a - b);
  const last = sorted.at(-1) ?? 0;
  if (sorted.length === 0 || (sorted[0] ?? 0) < 1 || last > doorNoMax) throw new RangeError('no such doors');
  const field = new Uint8Array((last >> 3) + 1);
  for (const no of sorted) field[no >> 3] = (field[no >> 3] ?? 0) | (1 << (no & 7));
  return encode(field).length < encode(sorted).length ? field : sorted;
}

const bytesOf = z.instanceof(Uint8Array);
const sign1 = z.tuple([
  bytesOf.refine((header) => header.length === 3 && header.every((byte, n) => byte === protectedHeader[n])),
  z.map(z.never(), z.never()),
  bytesOf,
  bytesOf.refine(({ length }) => length === 64),
]);
const claimsShape = z.map(z.int(), z.unknown()).refine((map) => {
  const known: readonly number[] = Object.values(claim);
  const id = map.get(claim.id);
  return [...map.keys()].every((key) => known.includes(key)) && id instanceof Uint8Array && id.length === packedIdBytes;
});

const seconds = z.int().nonnegative().max(8_640_000_000_000);
const doorNos = z.array(z.int().min(1).max(doorNoMax)).min(1).max(64);
const rest = z.object({
  from: seconds,
  to: seconds,
  doors: z.union([doorNos, bytesOf.transform(bitsOf).pipe(doorNos)]).nullable(),
  uses: z.int().positive().nullable(),
  person: z
    .int()
    .min(0)
    .max(passPersons.length - 1),
  codeNo: z.int().nonnegative().nullable(),
});

function claimsOf(id: string, map: ReadonlyMap<number, unknown>): PassClaims | undefined {
  const parsed = rest.safeParse({
    from: map.get(claim.from),
    to: map.get(claim.to),
    doors: map.get(claim.doors) ?? null,
    uses: map.get(claim.uses) ?? null,
    person: map.get(claim.person) ?? 0,
    codeNo: map.get(claim.codeNo) ?? null,
  }).data;
  if (!parsed || parsed.to <= parsed.from) return undefined;
  const { from, to, doors, uses, person, codeNo } = parsed;
  return { id, from: from * 1_000, to: to * 1_000, doors, uses, person: passPersons[person] ?? 'visitor', codeNo };
}

function bitsOf(field: Uint8Array): number[] {
  return Array.from({ length: field.length * 8 }, (_, no) => no).filter(
    (no) => ((field[no >> 3] ?? 0) >> (no & 7)) & 1,
  );
}

/** Undefined for what is no CBOR, or not in its shortest form. */
function decoded(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, {
      strict: true,
      useMaps: true,
      rejectDuplicateMapKeys: true,
      allowIndefinite: false,
      allowUndefined: false,
      tags: { [coseSign1]: (inner) => inner() },
    });
  } catch {
    // Whatever the decoder objects to, it is not a pass.
    return undefined;
  }
}
