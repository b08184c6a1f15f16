import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hours, instant, manualClock, minutes } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { describeStores } from '../db/test-stores.ts';
import { keyBox, keyBoxFromFile } from './key-box.ts';
import { createSigner, platformOwner } from './signer.ts';
import { createTokens } from './tokens.ts';

const clock = manualClock(instant(1_770_000_000_000));

describe('the master key', () => {
  it('is made once, for the owner’s eyes only, and a wrong one opens nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatecast-key-'));
    const file = join(folder, 'keys', 'master.key');
    const sealed = keyBoxFromFile(file).seal('kid-1', Buffer.from('secret'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(keyBoxFromFile(file).open('kid-1', sealed).toString()).toBe('secret');
    expect(() => keyBoxFromFile(file).open('kid-2', sealed)).toThrow();
    expect(() => keyBox(randomBytes(32)).open('kid-1', sealed)).toThrow();
    writeFileSync(file, 'short');
    expect(() => keyBoxFromFile(file)).toThrow(/holds no master key/);
    rmSync(folder, { recursive: true });
  });
});

describeStores('the signer', (its) => {
  const box = keyBox(Buffer.alloc(32, 7));
  const signer = createSigner(box, clock);

  it('keeps one key a company, sealed, and signs for nobody else', async () => {
    await its.store.tx(async (q) => {
      await signer.ensure(q, 'door-authority', 'prop_1');
      await signer.ensure(q, 'door-authority', 'prop_1');
      await signer.ensure(q, 'door-authority', 'prop_2');
    });
    const { read } = its.store;
    const [one, two] = [
      await signer.publicKey(read, 'door-authority', 'prop_1'),
      await signer.publicKey(read, 'door-authority', 'prop_2'),
    ];
    const { kid, value } = await createSigner(box, clock).sign(read, 'door-authority', 'prop_1', 'ctx', 'text');
    expect(kid).toBe(one.kid);
    expect(signer.verify(one, 'ctx', 'text', value)).toBe(true);
    expect(signer.verify(one, 'other', 'text', value)).toBe(false);
    expect(signer.verify(two, 'ctx', 'text', value)).toBe(false);
    await expect(signer.sign(read, 'door-authority', 'prop_3', 'ctx', 'text')).rejects.toThrow(
      /has a door-authority key/,
    );
  });

  it('derives the same key from the same words, and another from others', async () => {
    await its.store.tx((q) => signer.ensure(q, 'code-root', 'comm_1'));
    const { read } = its.store;
    const key = await signer.derive(read, 'code-root', 'comm_1', 'pin-key|1');
    expect(key).toEqual(await createSigner(box, clock).derive(read, 'code-root', 'comm_1', 'pin-key|1'));
    expect(key).not.toEqual(await signer.derive(read, 'code-root', 'comm_1', 'pin-key|2'));
  });

  it('issues tokens that end, and knows its own from others', async () => {
    await its.store.tx((q) => signer.ensure(q, 'token-issuer', platformOwner));
    const tokens = createTokens(its.store, signer, clock);
    const { token, expiresAt } = await tokens.issue('terminal:term_1', hours(1), 3);
    expect(expiresAt).toBe(clock.now() + hours(1));
    expect(await tokens.verify(token)).toMatchObject({ subject: 'terminal:term_1', epoch: 3 });
    expect(await tokens.verify(`${token.slice(0, -4)}AAAA`)).toBeUndefined();
    expect(await tokens.verify('a.b.c')).toBeUndefined();
    clock.advance(minutes(61));
    expect(await tokens.verify(token)).toBeUndefined();
  });
});
