import { newId } from '@gatecast/firmware-protocol';
import {
  canonicalJson,
  type AccessList,
  type Credential,
  type DocumentDelta,
  type DocumentEnvelope,
} from '@gatecast/firmware-protocol/messages';
import { newKeyPair, sha256Hex } from '@gatecast/firmware-protocol/node';
import { describe, expect, it } from 'vitest';
import { TerminalFixture } from '../terminal.fixture.ts';
import { checkDocument } from './document-check.ts';

describe('an access list on its way in', () => {
  const fixture = new TerminalFixture();
  const list = fixture.list(newKeyPair('x25519').publicKey, [fixture.code('48151623')]);
  const genuine = fixture.envelope('access', 2, list);
  const { signature: _signature, ...unsigned } = genuine;
  const check = (text: string) =>
    checkDocument({
      bytes: new TextEncoder().encode(text).buffer,
      kind: 'access',
      terminal: fixture.terminal,
      inForce: 1,
      doorAuthority: fixture.claim().doorAuthority,
    });

  it('is taken when it is genuine and newer', () => {
    expect(check(JSON.stringify(genuine))).toMatchObject({ ok: true, version: 2, value: { kind: 'access' } });
  });

  it.each<[string, DocumentEnvelope, string]>([
    ['for another terminal', { ...genuine, terminal: newId('terminal') }, 'wrong-terminal'],
    ['of another kind', { ...genuine, kind: 'config' }, 'wrong-kind'],
    ['of an old version', { ...genuine, version: 1 }, 'stale-version'],
    ['with a changed body', { ...genuine, body: { ...list, zone: 'UTC' } }, 'wrong-hash'],
    ['with the signature of another version', { ...genuine, version: 9 }, 'wrong-signature'],
    ['signed by nobody', unsigned, 'unsigned'],
    ['signed by another authority', new TerminalFixture().envelope('access', 2, list), 'wrong-terminal'],
    ['with fractions in it', { ...genuine, body: { half: 0.5 } }, 'malformed'],
  ])('is refused %s', (_what, envelope, fault) => {
    expect(check(JSON.stringify(envelope))).toEqual({ ok: false, fault, askWhole: false });
  });

  it('is refused whole with a zone that no clock knows', () => {
    expect(check(JSON.stringify(fixture.envelope('access', 2, { ...list, zone: 'Mars/Olympus' })))).toMatchObject({
      ok: false,
      fault: 'invalid-body',
    });
  });

  it.each(['', '{', 'null', '[1]', '{"v":2}', '['.repeat(100_000)])(
    'is refused when it is no document: %.12s',
    (text) => {
      expect(check(text)).toEqual({ ok: false, fault: 'malformed', askWhole: false });
    },
  );
});

describe('a media manifest on its way in', () => {
  const fixture = new TerminalFixture();
  const body = { clips: [] };
  const unsigned = fixture.envelope('media', 2, body);
  const genuine = fixture.signed(unsigned);
  const check = (envelope: DocumentEnvelope, signedOnly: boolean) =>
    checkDocument({
      bytes: new TextEncoder().encode(JSON.stringify(envelope)).buffer,
      kind: 'media',
      terminal: fixture.terminal,
      inForce: 1,
      signedOnly,
      doorAuthority: fixture.claim().doorAuthority,
    });

  it('is taken unsigned from a cloud that never signed one', () => {
    expect(check(unsigned, false)).toMatchObject({
      ok: true,
      value: { kind: 'media', body: { clips: [], signedOnly: false, takenDown: [], spreadMs: 0 } },
    });
  });

  it('is refused unsigned after one that said so, and then only a signed one is taken', () => {
    expect(check(unsigned, true)).toMatchObject({ ok: false, fault: 'unsigned' });
    expect(check(genuine, true)).toMatchObject({ ok: true });
  });

  it.each([true, false])('is refused with a signature that is not the door authority’s', (signedOnly) => {
    const forged = { ...genuine, signature: new TerminalFixture().signed(unsigned).signature };
    expect(check(forged, signedOnly)).toMatchObject({ ok: false, fault: 'wrong-signature' });
  });
});

describe('what is different from the list in force', () => {
  const fixture = new TerminalFixture();
  const sealingKey = newKeyPair('x25519').publicKey;
  const [resident, guest, newcomer] = ['739154', '48151623', '60221407'].map((code) => fixture.code(code));
  const before = fixture.list(sealingKey, [resident, guest] as Credential[]);
  const after = fixture.list(sealingKey, [resident, newcomer] as Credential[], { deny: [guest?.id ?? ''] });
  const base = (list: AccessList) => ({
    version: 4,
    hash: sha256Hex(canonicalJson(list)),
    text: new TextEncoder().encode(canonicalJson(list)).buffer,
  });
  const deltaOf = (list: AccessList, change: Partial<DocumentDelta['delta']> = {}): DocumentDelta => {
    const { body: _, ...identity } = fixture.envelope('access', 5, list);
    const { credentials: _credentials, ...head } = list;
    const told = { head, set: [newcomer], remove: [guest?.id ?? ''], ...change };
    return { ...identity, delta: { from: 4, fromHash: base(before).hash, ...told } };
  };
  const check = (answer: DocumentDelta, inForce = base(before)) =>
    checkDocument({
      bytes: new TextEncoder().encode(JSON.stringify(answer)).buffer,
      kind: 'access',
      terminal: fixture.terminal,
      inForce: 4,
      base: inForce,
      doorAuthority: fixture.claim().doorAuthority,
    });

  it('leads to the list that was signed', () => {
    const checked = check(deltaOf(after));
    expect(checked).toMatchObject({ ok: true, version: 5, hash: sha256Hex(canonicalJson(after)) });
    expect(checked.ok && new TextDecoder().decode(checked.text)).toBe(canonicalJson(after));
  });

  it.each<[string, DocumentDelta, string]>([
    ['from another version', deltaOf(after, { from: 3 }), 'wrong-base'],
    ['from another list', deltaOf(after, { fromHash: 'a'.repeat(64) }), 'wrong-base'],
    ['with something that is no credential', deltaOf(after, { set: [{ name: 'no id' }] }), 'wrong-base'],
    ['that leaves somebody out', deltaOf(after, { set: [] }), 'wrong-hash'],
    ['that adds somebody', deltaOf(after, { set: [newcomer, fixture.code('11235813')] }), 'wrong-hash'],
    ['that forgets to deny', deltaOf(after, { head: deltaOf(before).delta.head }), 'wrong-hash'],
    ['for another terminal', { ...deltaOf(after), terminal: newId('terminal') }, 'wrong-terminal'],
    ['with the signature of another version', { ...deltaOf(after), version: 9 }, 'wrong-signature'],
    ['of an old version', { ...deltaOf(after), version: 4 }, 'stale-version'],
  ])('is refused %s, and the whole list is asked for', (_what, delta, fault) => {
    expect(check(delta)).toEqual({ ok: false, fault, askWhole: true });
  });

  it('denies whom it denies even if the list that it leads to cannot be read', () => {
    const iris = { id: newcomer?.id, kind: 'iris' };
    const list = { ...after, credentials: [...before.credentials, iris].filter((c) => c.id !== guest?.id) };
    list.credentials.sort((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1));
    const denied = check(deltaOf(list as AccessList, { set: [iris] }));
    expect(denied).toEqual({ ok: false, fault: 'invalid-body', askWhole: false, deny: [guest?.id] });
  });

  it('is worth nothing without a list in force', () => {
    const answer = deltaOf(after);
    const bytes = new TextEncoder().encode(JSON.stringify(answer)).buffer;
    const { doorAuthority } = fixture.claim();
    const job = { bytes, kind: 'access', terminal: fixture.terminal, inForce: 0 } as const;
    expect(checkDocument({ ...job, doorAuthority })).toMatchObject({ fault: 'wrong-base', askWhole: true });
  });
});
