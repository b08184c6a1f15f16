import { days, milliseconds } from '@gatecast/firmware-protocol';
import { hint } from '@gatecast/firmware-protocol/messages';
import { createHash, randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { merchantAt } from '../test-market.ts';
import { claimedTerminal } from '../test-neighbourhood.ts';
import { checklistOf } from './categories.ts';
import { reviewClaimMs } from './review-claim.ts';
import { later, newVideo, openDesk, png, type Desk } from './review-desk.fixture.ts';

describeStores('review', (its) => {
  let desk: Desk;
  beforeAll(async () => void (desk = await openDesk(its)));
  afterAll(() => desk.world.close());

  it('what may be advertised is told to a merchant: standing, whether children may see it, checklist and sources of every category', async () => {
    const { body } = await desk.world.call('GET', '/v1/clip-categories', { token: desk.merchant.token });
    const alcohol = body.items.find((one: { category: string }) => one.category === 'alcohol');
    expect(alcohol).toMatchObject({
      standing: 'restricted',
      needsPermit: true,
      notForChildren: true,
      sources: expect.arrayContaining([expect.stringContaining('AL')]),
    });
    expect(alcohol.checklist).toContain('no-drinking-shown');
  });

  describe('a clip before the reviewers', () => {
    it('comes with what the checks found, and its history tells every step, by whom and on what grounds', async () => {
      const id = await desk.handIn({ title: '全城最佳草莓', category: 'food' });
      expect(await desk.clip(id)).toMatchObject({
        category: 'food',
        findings: [{ code: 'absolute-words', article: 'AL 9 (3)', words: [expect.stringContaining('最佳')] }],
      });
      const ticked = checklistOf('food');
      const approved = await desk.operate(`/v1/clips/${id}/approve`, { ticked, note: 'the sign is the shop’s name' });
      expect(approved.body).toMatchObject({ status: 'approved', approvedUntil: later(desk.world, days(365)) });
      const history = await desk.steps(id);
      expect(history.map(({ step }) => step).sort()).toEqual(['approved', 'checked', 'submitted']);
      const decision = history.find(({ step }) => step === 'approved');
      expect(decision).toMatchObject({ ticked, note: 'the sign is the shop’s name', by: expect.stringMatching(/./) });
      expect(decision).toMatchObject({ findings: [{ code: 'absolute-words' }] });
      const own = await desk.world.call('GET', `/v1/clips/${id}/reviews`, { token: desk.merchant.token });
      expect(own.body.items.find((one: { step: string }) => one.step === 'approved').by).toBeNull();
    });

    it('may have its category said later, by its owner, until somebody has decided; the checks then run again', async () => {
      const id = await desk.handIn({ title: '晚风' });
      expect((await desk.clip(id)).findings).toEqual([{ code: 'category-missing' }]);
      const say = (category: string) =>
        desk.world.call('PATCH', `/v1/clips/${id}`, { token: desk.merchant.token, body: { category } });
      expect((await say('alcohol')).body.findings).toMatchObject([{ code: 'permit-missing' }]);
      expect((await say('services')).body).toMatchObject({ category: 'services', findings: [] });
      await desk.operate(`/v1/clips/${id}/approve`, { ticked: checklistOf('services') });
      expect((await say('food')).body.code).toBe('clip-state');
    });

    it('that names a category is never approved without its whole list, whoever asks', async () => {
      const id = await desk.handIn();
      expect((await desk.operate(`/v1/clips/${id}/approve`)).body.code).toBe('checklist-incomplete');
      const some = await desk.operate(`/v1/clips/${id}/approve`, { ticked: ['true'] });
      expect(some).toMatchObject({ status: 422, body: { code: 'checklist-incomplete' } });
      const banned = await desk.operate(`/v1/clips/${id}/approve`, { category: 'vapes', ticked: checklistOf('vapes') });
      expect(banned).toMatchObject({ status: 422, body: { code: 'category-banned' } });
      const unticked = await desk.operate(`/v1/clips/${id}/approve`, { category: 'for-children' });
      expect(unticked.body.code).toBe('checklist-incomplete');
      const ticked = checklistOf('food');
      const past = await desk.operate(`/v1/clips/${id}/approve`, { ticked, until: desk.world.clock.now() });
      expect(past).toMatchObject({ status: 422, body: { code: 'approval-past' } });
      expect(await desk.clip(id)).toMatchObject({ status: 'in-review' });
    });

    it('that names no category goes without a list only while the checks found nothing against the law', async () => {
      const [plain, flagged] = [await desk.handIn({ title: '晚风' }), await desk.handIn({ title: '全城最佳晚风' })];
      expect((await desk.operate(`/v1/clips/${plain}/approve`)).body.status).toBe('approved');
      expect((await desk.operate(`/v1/clips/${flagged}/approve`)).body.code).toBe('checklist-incomplete');
      const looked = await desk.operate(`/v1/clips/${flagged}/approve`, { ticked: checklistOf('goods') });
      expect(looked.body.status).toBe('approved');
    });

    it('of an advertiser runs a year at most, whatever the reviewer says', async () => {
      const id = await desk.handIn();
      const until = later(desk.world, days(4_000));
      const { body } = await desk.operate(`/v1/clips/${id}/approve`, { ticked: checklistOf('food'), until });
      expect(body.approvedUntil).toBe(later(desk.world, days(365)));
    });

    it('keeps what was measured of its files when its category changes', async () => {
      const id = await desk.handIn({ title: '本地啤酒', category: 'alcohol' });
      const measured = { code: 'black-picture', words: ['2.0 s'] };
      const t = desk.world.store.read.t.clips;
      await desk.world.store.tx((q) =>
        q
          .update(t)
          .set({ findings: [measured] })
          .where(eq(t.id, id)),
      );
      const patch = { token: desk.merchant.token, body: { category: 'food' } };
      expect((await desk.world.call('PATCH', `/v1/clips/${id}`, patch)).body.findings).toEqual([measured]);
    });

    it('is known again by its file when it was refused before, under whatever title', async () => {
      const video = newVideo();
      const first = await desk.handIn(undefined, undefined, video);
      const refused = { reason: 'misleading', note: 'not these strawberries' };
      expect((await desk.operate(`/v1/clips/${first}/reject`, refused)).body).toMatchObject({
        status: 'rejected',
        ...refused,
      });
      const second = await desk.handIn({ title: '别的名字', category: 'food' }, undefined, video);
      expect((await desk.clip(second)).findings).toEqual([{ code: 'same-as-refused', words: [first] }]);
    });

    it('comes back after a rejection, for its owner a few times only, and after a take-down by the operator’s will alone', async () => {
      const id = await desk.handIn();
      const again = (token: string) => desk.world.call('POST', `/v1/clips/${id}/review-again`, { token });
      const reject = () => desk.operate(`/v1/clips/${id}/reject`, { reason: 'quality', note: '' });
      for (let i = 0; i < 5; i += 1) {
        await reject();
        expect((await again(desk.merchant.token)).body).toMatchObject({ status: 'in-review', reason: null });
      }
      await reject();
      expect((await again(desk.merchant.token)).body.code).toBe('too-many-reviews');
      await again(desk.world.operator);
      await desk.operate(`/v1/clips/${id}/approve`, { ticked: checklistOf('food') });
      const down = { reason: 'complaint', note: '' };
      expect((await desk.operate(`/v1/clips/${id}/take-down`, down)).body).toMatchObject({
        status: 'taken-down',
        ...down,
      });
      expect((await again(desk.merchant.token)).status).toBeGreaterThanOrEqual(409);
      expect((await again(desk.world.operator)).body.status).toBe('in-review');
      expect((await desk.operate(`/v1/clips/${id}/take-down`, down)).body.code).toBe('clip-state');
      await desk.operate(`/v1/clips/${id}/approve`, { ticked: checklistOf('food') });
      const why = { reason: 'misleading', note: '' };
      expect((await desk.operate(`/v1/clips/${id}/reject`, why)).body).toMatchObject({ status: 'taken-down', ...why });
    });

    it('is found by state, category, merchant and part of its title, the longest waiting first if wanted', async () => {
      const [first, second] = [await desk.handIn({ title: '100%_a' }), await desk.handIn({ title: '100%_b' })];
      const list = async (query: string) =>
        (await desk.world.call('GET', `/v1/clips?${query}`, { token: desk.world.operator })).body.items.map(
          (one: { id: string }) => one.id,
        );
      expect((await list('q=100%25_&order=waiting')).toSorted()).toEqual([first, second].toSorted());
      expect(await list('q=100__')).toEqual([]);
      expect(await list('q=%E8%8D%89&category=vapes')).toEqual([]);
      expect(await list('q=100%25_A&status=in-review')).toEqual([first]);
      const others = await merchantAt(desk.world, desk.here, '别家');
      expect(await list(`merchantId=${others.id}`)).toEqual([]);
    });
  });

  describe('a clip on the screens', () => {
    it('of which another clip has the same file leaves them that file, and is not stopped for what was approved after it', async () => {
      const { world } = desk;
      const video = newVideo();
      const twin = await desk.handIn({ title: '草莓甲', category: 'food' }, undefined, video);
      const other = await desk.handIn({ title: '草莓乙', category: 'food' }, undefined, video);
      for (const id of [twin, other]) await desk.operate(`/v1/clips/${id}/approve`, { ticked: checklistOf('food') });
      const { sha256 } = await desk.clip(twin);
      const { content } = world.app;
      const down = { reason: 'complaint', note: '' };
      await desk.operate(`/v1/clips/${twin}/take-down`, down);
      expect(await content.toStop(world.store.read, twin)).toMatchObject({ clips: [] });
      await desk.operate(`/v1/clips/${other}/take-down`, down);
      const order = await content.toStop(world.store.read, twin);
      expect(order.clips).toContain(sha256);
      world.clock.advance(milliseconds(1));
      await desk.operate(`/v1/clips/${other}/review-again`);
      await desk.operate(`/v1/clips/${other}/approve`, { ticked: checklistOf('food') });
      const clip = (await content.playable(world.store.read, [other])).get(other);
      expect(clip?.approvedAt).toBeGreaterThan(order.at);
    });

    it('is known to be there once they say so, gone once they say that, and unknown where they have been away too long', async () => {
      const { world } = desk;
      const terminal = await claimedTerminal(world, desk.here);
      const id = await desk.handIn({ title: '回家', house: 'all' }, world.operator);
      const screens = async () => (await world.call('GET', `/v1/clips/${id}/screens`, { token: world.operator })).body;
      const path = `/v1/terminals/${terminal.id}`;
      const media = async () => (await world.call('GET', `${path}/documents/media`, { token: terminal.token })).body;
      const names = async (sha256: string) => JSON.stringify((await media()).body.clips).includes(sha256);
      const reportNewest = async () => {
        const body = { kind: 'media', version: (await media()).version, state: 'applied' };
        const answer = await world.call('PUT', `${path}/reported`, { token: terminal.token, body });
        expect(answer.status).toBeLessThan(300);
      };
      const { sha256 } = await desk.clip(id);
      expect(await screens()).toMatchObject({ having: 0, unknown: 0 });
      await desk.operate(`/v1/clips/${id}/approve`);
      await vi.waitFor(async () => expect(await names(sha256)).toBe(true), 10_000);
      await reportNewest();
      expect(await screens()).toMatchObject({ having: 1, havingOffline: 1, unknown: 0 });

      await world.call('GET', `${path}/desired?protocol=5`, { token: terminal.token });
      const hints = vi.spyOn(world.app.platform.link, 'hint');
      await desk.operate(`/v1/clips/${id}/take-down`, { reason: 'complaint', note: '' });
      const told = () =>
        hints.mock.calls.flatMap(([topic, payload]) =>
          topic.includes(terminal.id) ? [hint.parse(JSON.parse(payload)).stop?.clips] : [],
        );
      const { files } = await desk.clip(id);
      const hashes = new Set<string>(files.map((file: { sha256: string }) => file.sha256));
      // Before anything is made anew.
      await vi.waitFor(() => expect(told()[0]?.toSorted()).toEqual([...hashes].toSorted()));
      await vi.waitFor(async () => expect(await names(sha256)).toBe(false), 10_000);
      hints.mockRestore();
      expect(await screens()).toMatchObject({ having: 1 });
      await reportNewest();
      // What was taken down is named among what must not come back: that is no longer having it.
      expect(await screens()).toMatchObject({ having: 0, unknown: 0 });
      await world.store.tx(async (q) => {
        const t = q.t.documentVersions;
        await q.delete(t).where(eq(t.terminalId, terminal.id));
      });
      expect(await screens()).toMatchObject({ having: 0, unknown: 1 });
    });
  });

  describe('a permit', () => {
    it('is handed in with a scan that is a picture or a PDF, for a category that needs one, and shown to the operator', async () => {
      const end = later(desk.world, days(90));
      const handed = await desk.permit('finance', end);
      expect(handed).toMatchObject({ status: 201, body: { status: 'waiting', fileType: 'image/png', validTo: end } });
      const scan = await desk.world.app.fetch(new Request(`http://gatecast.test${handed.body.fileUrl}`));
      expect(Buffer.from(await scan.arrayBuffer()).equals(png)).toBe(true);
      expect(scan.headers.get('content-security-policy')).toContain('sandbox');
      expect((await desk.permit('finance', end, Buffer.from('<html>'))).body.code).toBe('scan-unreadable');
      expect((await desk.permit('goods', end)).body.code).toBe('permit-not-needed');
      expect((await desk.permit('tobacco', end)).body.code).toBe('category-banned');
      expect((await desk.permit('finance', desk.world.clock.now())).body.code).toBe('permit-window-invalid');
      expect((await desk.permit('finance', end, Buffer.concat([png, Buffer.alloc(10 * 1024 * 1024)]))).status).toBe(
        413,
      );
      const refusal = { reason: 'unreadable', note: '看不清编号' };
      const refused = await desk.operate(`/v1/permits/${handed.body.id}/refuse`, refusal);
      expect(refused.body).toMatchObject({ status: 'refused', ...refusal });
      expect((await desk.operate(`/v1/permits/${handed.body.id}/accept`)).body.code).toBe('permit-state');
    });

    it('lets its category through, no longer than it lasts, and takes its clips off the screens when it is withdrawn', async () => {
      const id = await desk.handIn({ title: '本地啤酒', category: 'alcohol' });
      const ticked = checklistOf('alcohol');
      const approve = () => desk.operate(`/v1/clips/${id}/approve`, { ticked });
      expect((await approve()).body.code).toBe('permit-missing');
      expect((await desk.clip(id)).findings).toMatchObject([{ code: 'permit-missing' }]);
      const [short, long] = [later(desk.world, days(30)), later(desk.world, days(60))];
      const permits = [await desk.permit('alcohol', short), await desk.permit('alcohol', long)].map(
        ({ body }) => body.id,
      );
      for (const one of permits) await desk.operate(`/v1/permits/${one}/accept`);
      // Nobody is told of a permit that is missing once it is there.
      expect((await desk.clip(id)).findings).toEqual([]);
      expect((await approve()).body).toMatchObject({ status: 'approved', approvedUntil: long });
      const why = { reason: 'not-theirs', note: '' };
      const republished = vi.fn<() => Promise<void>>(async () => undefined);
      desk.world.app.content.onPlayableChange(republished);
      await desk.operate(`/v1/permits/${permits[1]}/withdraw`, why);
      expect(await desk.clip(id)).toMatchObject({ status: 'approved', approvedUntil: short });
      // What screens were told of its end was later: they are told anew.
      expect(republished).toHaveBeenCalledTimes(1);
      await desk.operate(`/v1/permits/${permits[0]}/withdraw`, why);
      expect(await desk.clip(id)).toMatchObject({ status: 'expired', reason: 'permit-gone' });
    });

    it('waits among twenty of its merchant at most, and nothing is kept of one more', async () => {
      const end = later(desk.world, days(90));
      await vi.waitFor(async () => expect((await desk.permit('education', end)).body.code).toBe('too-many-permits'), {
        timeout: 10_000,
        interval: 0,
      });
      const scan = Buffer.concat([png, randomBytes(20)]);
      expect((await desk.permit('education', end, scan)).body.code).toBe('too-many-permits');
      const sha256 = createHash('sha256').update(scan).digest('hex');
      expect(await desk.world.app.content.blobs.size(sha256)).toBeUndefined();
    });
  });
});

describeStores('a house clip', (its) => {
  let desk: Desk;
  beforeAll(async () => void (desk = await openDesk(its, { GATECAST_FOUR_EYES: '1' })));
  afterAll(() => desk.world.close());

  it('is judged by its uploader only while nobody else could', async () => {
    const { world } = desk;
    const alone = await desk.handIn({ title: '回家', house: 'all' }, world.operator);
    expect((await desk.operate(`/v1/clips/${alone}/approve`)).body).toMatchObject({
      status: 'approved',
      approvedUntil: null,
    });
    const second = await desk.handIn({ title: '晚安', house: 'night' }, world.operator);
    const email = `${randomBytes(6).toString('hex')}@gatecast.test`;
    await world.store.tx(async (q) => {
      const [account] = await q.select().from(q.t.accounts).where(eq(q.t.accounts.role, 'operator'));
      const { passwordHash = null } = account ?? {};
      const row = { id: 'acct_colleague', role: 'operator', name: '同事', email, passwordHash } as const;
      await q.insert(q.t.accounts).values({ ...row, createdAt: world.clock.now() });
    });
    expect((await desk.operate(`/v1/clips/${second}/approve`)).body.code).toBe('own-clip');
    const colleague = await world.signIn(email, 'correct-horse-battery');
    const approved = await world.call('POST', `/v1/clips/${second}/approve`, { token: colleague });
    expect(approved.body.status).toBe('approved');
  });
});

describeStores('a clip that two reviewers come to', (its) => {
  let desk: Desk;
  let colleague: string;
  beforeAll(async () => {
    desk = await openDesk(its);
    const email = `${randomBytes(6).toString('hex')}@gatecast.test`;
    await desk.world.store.tx(async (q) => {
      const [account] = await q.select().from(q.t.accounts).where(eq(q.t.accounts.role, 'operator'));
      const { passwordHash = null } = account ?? {};
      const row = { id: 'acct_second', role: 'operator', name: '小同事', email, passwordHash } as const;
      await q.insert(q.t.accounts).values({ ...row, createdAt: desk.world.clock.now() });
    });
    colleague = await desk.world.signIn(email, 'correct-horse-battery');
  });
  afterAll(() => desk.world.close());
  const asColleague = (path: string, body?: unknown) => desk.world.call('POST', path, { token: colleague, body });
  const no = { reason: 'quality', note: '' };

  it('is of one of them, whoever of two at once it is; the other is told so and may not decide', async () => {
    const id = await desk.handIn();
    const both = await Promise.all([desk.operate(`/v1/clips/${id}/claim`), asColleague(`/v1/clips/${id}/claim`)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const isColleagues = both[1]?.status === 200;
    const [first, second] = isColleagues ? [asColleague, desk.operate] : [desk.operate, asColleague];
    const kept = await first(`/v1/clips/${id}/claim`);
    expect(kept.body.held).toMatchObject({ isMine: true, until: later(desk.world, reviewClaimMs) });
    expect(await desk.clip(id, isColleagues ? undefined : colleague)).toMatchObject({ held: { isMine: false } });
    expect((await desk.clip(id, desk.merchant.token)).held).toBeNull();
    for (const verb of ['claim', 'approve', 'reject'])
      expect((await second(`/v1/clips/${id}/${verb}`, verb === 'reject' ? no : undefined)).body.code).toBe(
        'clip-claimed',
      );
    expect((await first(`/v1/clips/${id}/reject`, no)).body).toMatchObject({ status: 'rejected', held: null });
    expect((await second(`/v1/clips/${id}/claim`)).body.code).toBe('clip-state');
  });

  it('comes back to the others when it is left, or when nobody has touched it for a while', async () => {
    const id = await desk.handIn();
    await desk.operate(`/v1/clips/${id}/claim`);
    await asColleague(`/v1/clips/${id}/release`);
    expect((await asColleague(`/v1/clips/${id}/claim`)).body.code).toBe('clip-claimed');
    await desk.operate(`/v1/clips/${id}/release`);
    expect((await asColleague(`/v1/clips/${id}/claim`)).status).toBe(200);
    expect((await desk.operate(`/v1/clips/${id}/claim`)).body.code).toBe('clip-claimed');
    desk.world.clock.advance(reviewClaimMs);
    expect((await desk.operate(`/v1/clips/${id}/claim`)).body.held).toMatchObject({ isMine: true });
    expect((await asColleague(`/v1/clips/${id}/reject`, no)).body.code).toBe('clip-claimed');
  });
});
