import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { days, instant } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BlobStore } from '../platform/blob-store.ts';
import { createFolderStore } from '../platform/blob-store-folder.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, type TestMerchant } from '../test-market.ts';
import { neighbourhood } from '../test-neighbourhood.ts';
import { createFileLinks } from './file-links.ts';
import { areHeld, removeUnless } from './hold-files.ts';
import { createMaker } from './maker/maker.ts';
import { isKept, keepPhoto } from './maker/photo-store.ts';
import { recipe as recipeShape } from './maker/recipe.ts';
import { createHandIn } from './permit-hand-in.ts';
import { isNamed } from './retention.ts';

describeStores('a file that is brought anew while the same content is being deleted', (its) => {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-files-'));
  const blobs = createFolderStore(folder);
  beforeAll(() => blobs.start());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const bring = async (content: string): Promise<string> => {
    const path = blobs.desk(`brought-${content}`);
    await writeFile(path, content);
    return (await blobs.keep(path)).sha256;
  };
  const photoOf = (sha256: string) => ({
    owner: 'operator',
    sha256,
    width: 1,
    height: 1,
    bytes: 1,
    createdAt: instant(1),
  });
  /** A point that another waits at. */
  const gate = () => Promise.withResolvers<void>();
  const named = (sha256: string) => (q: Parameters<typeof isKept>[0]) => isKept(q, sha256);

  it('stays if it was named before anybody looked whether it is', async () => {
    const sha256 = await bring('named first');
    const [holds, goOn] = [gate(), gate()];
    const keeper = its.store.tx(async (q) => {
      const held = await areHeld(q, blobs, [sha256]);
      holds.resolve();
      await goOn.promise;
      if (held) await keepPhoto(q, photoOf(sha256));
      return held;
    });
    await holds.promise;
    // It waits for the other, whose name it cannot see yet.
    const remover = removeUnless(its.store, blobs, sha256, named(sha256));
    goOn.resolve();
    expect(await keeper).toBe(true);
    await remover;
    expect(await blobs.size(sha256)).toBeGreaterThan(0);
  });

  it('is missed by whoever names it if it was removed before, and there again once it is brought again', async () => {
    const sha256 = await bring('removed first');
    const [looks, goOn] = [gate(), gate()];
    const remover = removeUnless(its.store, blobs, sha256, async (q) => {
      const isNeeded = await isKept(q, sha256);
      looks.resolve();
      await goOn.promise;
      return isNeeded;
    });
    await looks.promise;
    const keeper = its.store.tx((q) => areHeld(q, blobs, [sha256]));
    goOn.resolve();
    await remover;
    expect(await keeper).toBe(false);
    expect(await bring('removed first')).toBe(sha256);
    expect(await its.store.tx((q) => areHeld(q, blobs, [sha256]))).toBe(true);
  });

  it('that never was is not held', async () => {
    const never = createHash('sha256').update('never').digest('hex');
    expect(await its.store.tx((q) => areHeld(q, blobs, [never]))).toBe(false);
  });
});

/** Whoever names a file, held up once it has made sure of it and before the name can be seen; and what it names. */
interface Naming {
  readonly sha256: string;
  readonly name: (blobs: BlobStore) => Promise<unknown>;
  /** What it is told if the file has gone. */
  readonly gone: string;
}

describeStores('a file that is named while it is being deleted', (its) => {
  let world: TestApp;
  let merchant: TestMerchant;
  let shade = 0;
  beforeAll(async () => {
    world = await testApp({ store: its.store, env: { FFMPEG_PATH: 'none' } });
    merchant = await merchantAt(world, await neighbourhood(world));
  });
  afterAll(() => world.close());

  const blobs = () => world.app.content.blobs;
  const owner = async () => {
    const { accounts } = its.store.read.t;
    const [account] = await its.store.read.select().from(accounts).where(eq(accounts.scopeId, merchant.id));
    if (!account) throw new Error('a merchant signs in');
    const session = { sessionId: 'sess_1', scopes: null } as const;
    return { kind: 'account', role: 'merchant', accountId: account.id, merchantId: merchant.id, ...session } as const;
  };
  const call = () => ({ actor: merchant.id, key: undefined, requestHash: '' });
  const photo = async (): Promise<string> => {
    const colour = { r: (shade += 10), g: 120, b: 90 };
    const bytes = await sharp({ create: { width: 640, height: 640, channels: 3, background: colour } })
      .jpeg()
      .toBuffer();
    const headers = { authorization: `Bearer ${merchant.token}` };
    const init = { method: 'POST', headers, body: new Uint8Array(bytes) };
    const answer = await world.app.fetch(new Request('http://gatecast.test/v1/clip-photos', init));
    return ((await answer.json()) as { id: string }).id;
  };

  const permit = async (): Promise<Naming> => {
    const content = `%PDF-1.7 ${(shade += 10)}`;
    const span = { validFrom: world.clock.now(), validTo: world.clock.now() + days(9) };
    const who = await owner();
    return {
      sha256: createHash('sha256').update(content).digest('hex'),
      gone: 'conflict',
      name: (store) =>
        createHandIn(world.app.platform, store)(
          who,
          { category: 'alcohol', number: 'JY1', ...span },
          new Blob([content]).stream(),
          call(),
        ),
    };
  };
  const recipe = async (): Promise<Naming> => {
    const photos = [await photo(), await photo(), await photo()];
    const who = await owner();
    const links = createFileLinks(world.app.platform.signer, world.clock);
    const about = recipeShape.parse({ template: 'feast', photos, line: '现摘脐橙', priceFen: 1990 });
    return {
      sha256: photos.toSorted()[0] ?? '',
      gone: 'photo-unknown',
      name: (store) =>
        createMaker(world.app.platform, { blobs: store, links, converter: () => undefined }).make(
          who,
          { title: '脐橙', category: 'food', recipe: about },
          call(),
        ),
    };
  };

  it.each([
    ['the scan of a permit', permit],
    ['a photo of a recipe', recipe],
  ])('%s: it stays if it was named first', async (_what, naming) => {
    const { sha256, name } = await naming();
    const [holds, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const size: BlobStore['size'] = async (asked) => {
      if (asked === sha256) {
        holds.resolve();
        await goOn.promise;
      }
      return blobs().size(asked);
    };
    const named = name({ ...blobs(), size });
    // Whatever goes wrong before is told, and not waited for.
    await Promise.race([holds.promise, named]);
    const remover = removeUnless(its.store, blobs(), sha256, (q) => isNamed(q, sha256));
    goOn.resolve();
    await Promise.all([named, remover]);
    expect(await blobs().size(sha256)).toBeGreaterThan(0);
  });

  it.each([
    ['the scan of a permit', permit],
    ['a photo of a recipe', recipe],
  ])('%s: whoever names it hears of it if it was removed first', async (_what, naming) => {
    const { sha256, name, gone } = await naming();
    const [looks, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const brought = Promise.withResolvers<void>();
    const keepCopy: BlobStore['keepCopy'] = async (path) => {
      const kept = await blobs().keepCopy(path);
      brought.resolve();
      return kept;
    };
    const remover = removeUnless(its.store, blobs(), sha256, async () => {
      looks.resolve();
      await goOn.promise;
      return false;
    });
    await looks.promise;
    const named = name({ ...blobs(), keepCopy });
    const refused = expect(named).rejects.toMatchObject({ code: gone });
    if (gone === 'conflict') await brought.promise;
    goOn.resolve();
    await remover;
    await refused;
    expect(await isNamed(its.store.read, sha256)).toBe(false);
  });
});
