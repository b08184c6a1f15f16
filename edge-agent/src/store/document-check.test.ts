import { newId } from '@gatecast/firmware-protocol';
import type { DocumentEnvelope } from '@gatecast/firmware-protocol/messages';
import { newKeyPair } from '@gatecast/firmware-protocol/node';
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
      job: 'check-document',
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
    expect(check(JSON.stringify(envelope))).toEqual({ ok: false, fault });
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
      expect(check(text)).toEqual({ ok: false, fault: 'malformed' });
    },
  );
});
