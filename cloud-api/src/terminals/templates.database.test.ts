import { newId } from '@gatecast/firmware-protocol';
import { documentEnvelope, terminalConfig } from '@gatecast/firmware-protocol/messages';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';

const nights = [{ mode: 'lockdown', weekdays: [1, 2, 3, 4, 5], window: { fromMinute: 60, toMinute: 300 } }];
const quiet = { fromMinute: 1_260, toMinute: 420 };

describeStores('settings templates', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let gate: TestTerminal;
  /** At a second entrance, not claimed yet. */
  let waiting: { readonly id: string };
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    gate = await claimedTerminal(world, here);
    waiting = await unclaimedTerminal();
  });
  afterAll(() => world.close());

  const call = (method: string, path: string, body?: unknown, token = here.manager) =>
    world.call(method, path, { token, ...(body === undefined ? {} : { body }) });
  const unclaimedTerminal = async () => {
    const entrance = await call(
      'POST',
      `/v1/communities/${here.communityId}/entrances`,
      { name: 'B', placement: 'gate' },
      world.operator,
    );
    const made = { communityId: here.communityId, entranceId: entrance.body.id, name: 'Back screen' };
    return (await call('POST', '/v1/terminals', made)).body as { readonly id: string };
  };
  const template = async (settings: object, token = here.manager): Promise<string> =>
    (await call('POST', '/v1/settings-templates', { name: 'Nights', settings }, token)).body.id;
  const preview = async (id: string, terminalIds: readonly string[]) =>
    (await call('POST', `/v1/settings-templates/${id}/preview`, { terminalIds })).body;
  const apply = (id: string, terminalIds: readonly string[], token: string) =>
    call('POST', `/v1/settings-templates/${id}/apply`, { terminalIds, token });
  const settingsOf = async (id: string) => (await call('GET', `/v1/terminals/${id}`)).body.settings;
  const configOf = async ({ id, token }: TestTerminal) => {
    const { body } = await world.call('GET', `/v1/terminals/${id}/documents/config`, { token });
    const envelope = documentEnvelope.parse(body);
    return { version: envelope.version, config: terminalConfig.parse(envelope.body) };
  };

  it('are shown with what they set, and gone when they are removed', async () => {
    const id = await template({ quiet, volumePercent: 30 });
    const list = async () => (await call('GET', '/v1/settings-templates')).body.items;
    expect(await list()).toMatchObject([{ id, name: 'Nights', settings: { quiet, volumePercent: 30 } }]);
    const changed = await call('PUT', `/v1/settings-templates/${id}`, { name: 'Days', settings: { openMs: 8_000 } });
    expect(changed.body).toMatchObject({ id, name: 'Days', settings: { openMs: 8_000 } });
    expect((await call('DELETE', `/v1/settings-templates/${id}`)).status).toBe(204);
    expect(await list()).toEqual([]);
  });

  it('set something, and never how a door is wired', async () => {
    expect((await call('POST', '/v1/settings-templates', { name: 'X', settings: {} })).status).toBe(400);
    const id = await template({ openMs: 8_000, readers: [], hardware: null });
    const [{ settings }] = (await call('GET', '/v1/settings-templates')).body.items;
    expect(settings).toEqual({ openMs: 8_000 });
    expect((await preview(id, [gate.id])).items[0].changes).toMatchObject([{ field: 'openMs' }]);
  });

  it('show each change first: quiet hours and schedules too, nothing that is so already', async () => {
    const { openMs, schedules, quiet: before } = await settingsOf(gate.id);
    const id = await template({ openMs, quiet, schedules: nights });
    const { items } = await preview(id, [gate.id, waiting.id]);
    const changes = [
      { field: 'schedules', from: schedules, to: nights },
      { field: 'quiet', from: before, to: quiet },
    ];
    expect(items).toHaveLength(2);
    expect(items).toContainEqual(
      expect.objectContaining({ terminalId: gate.id, status: 'active', changes, fault: null }),
    );
    expect(items).toContainEqual(expect.objectContaining({ terminalId: waiting.id, status: 'unclaimed', changes }));
    expect(await settingsOf(gate.id)).toMatchObject({ schedules, quiet: before });
  });

  it('are applied as shown: a new signed config leaves at once, and an unclaimed terminal gets its settings later', async () => {
    const before = await configOf(gate);
    const id = await template({ quiet, schedules: nights });
    const ids = [gate.id, waiting.id];
    const done = await apply(id, ids, (await preview(id, ids)).token);
    expect(done.body.items).toHaveLength(2);
    expect(done.body.items).toContainEqual({ terminalId: gate.id, version: before.version + 1, fault: null });
    expect(done.body.items).toContainEqual({ terminalId: waiting.id, version: null, fault: null });
    const { config, version } = await configOf(gate);
    expect(config).toMatchObject({ screen: { quiet }, doors: [{ schedules: nights }] });
    expect(await settingsOf(waiting.id)).toMatchObject({ quiet, schedules: nights });

    const again = await apply(id, ids, (await preview(id, ids)).token);
    expect(again.body.items).toContainEqual({ terminalId: gate.id, version, fault: null });
    expect((await configOf(gate)).version).toBe(version);
  });

  it('change nothing when anything is not as the preview saw it', async () => {
    const id = await template({ quiet });
    const stale = async (change: () => Promise<unknown>) => {
      const { token } = await preview(id, [gate.id]);
      await change();
      expect(await apply(id, [gate.id], token)).toMatchObject({ status: 409, body: { code: 'preview-stale' } });
    };
    await stale(() => call('PATCH', `/v1/terminals/${gate.id}/config`, { volumePercent: 11 }));
    await stale(() =>
      call('PUT', `/v1/settings-templates/${id}`, { name: 'Nights', settings: { quiet, openMs: 9_000 } }),
    );
    const { token } = await preview(id, [gate.id]);
    expect((await apply(id, [gate.id, waiting.id], token)).body.code).toBe('preview-stale');
    expect((await apply(id, [gate.id], token)).status).toBe(200);
  });

  it('applied twice with one key give the first answer again', async () => {
    const id = await template({ quiet });
    const { token } = await preview(id, [gate.id]);
    const options = { token: here.manager, idempotencyKey: 'apply-1', body: { terminalIds: [gate.id], token } };
    const path = `/v1/settings-templates/${id}/apply`;
    const first = await world.call('POST', path, options);
    expect(first.status).toBe(200);
    expect((await world.call('POST', path, options)).body).toEqual(first.body);
  });

  it('leave a terminal alone where its door cannot be set like that, or which is out of service, and set the others', async () => {
    await world.call('POST', `/v1/terminals/${waiting.id}/revoke`, { token: world.operator });
    const other = await unclaimedTerminal();
    const both = [
      { address: 0, reader: 0, side: 'entry' },
      { address: 1, reader: 0, side: 'exit' },
    ];
    await call('PATCH', `/v1/terminals/${other.id}/config`, { readers: both });
    const id = await template({ antiPassback: true, quiet });
    const ids = [gate.id, waiting.id, other.id];
    const { items, token } = await preview(id, ids);
    const faults = { [gate.id]: 'passback-needs-exit-reader', [waiting.id]: 'terminal-revoked', [other.id]: null };
    const asMap = (list: { terminalId: string; fault: string | null }[]) =>
      Object.fromEntries(list.map(({ terminalId, fault }) => [terminalId, fault]));
    expect(asMap(items)).toEqual(faults);
    expect(asMap((await apply(id, ids, token)).body.items)).toEqual(faults);
    expect((await settingsOf(gate.id)).quiet).not.toEqual(quiet);
    expect(await settingsOf(other.id)).toMatchObject({ antiPassback: true, quiet });
  });

  it('are a company’s own, and reach its own terminals only', async () => {
    const elsewhere = await neighbourhood(world);
    const id = await template({ quiet });
    const body = { terminalIds: [gate.id] };
    expect((await call('POST', `/v1/settings-templates/${id}/preview`, body, elsewhere.manager)).status).toBe(404);
    const theirs = await template({ quiet }, elsewhere.manager);
    expect((await call('POST', `/v1/settings-templates/${theirs}/preview`, body, elsewhere.manager)).status).toBe(404);
    expect((await call('GET', '/v1/settings-templates', undefined, elsewhere.manager)).body.items).toHaveLength(1);
    const unknown = { terminalIds: [newId('terminal')] };
    expect((await call('POST', `/v1/settings-templates/${id}/preview`, unknown)).status).toBe(404);
  });
});
