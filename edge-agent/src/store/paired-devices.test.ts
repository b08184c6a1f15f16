import { expect, it } from 'vitest';
import { PairedDevices } from './paired-devices.ts';

function kept(text?: string) {
  const values = new Map(text === undefined ? [] : [['paired-devices', text]]);
  const store = {
    snapshot: { values },
    setValue: async (key: string, value: string) => {
      await Promise.resolve();
      values.set(key, value);
    },
  } as unknown as ConstructorParameters<typeof PairedDevices>[0];
  return { values, devices: new PairedDevices(store) };
}

it('a device that was paired is known as such from then on, each by its address', async () => {
  const { devices, values } = kept();
  expect(devices.has(1)).toBe(false);
  await devices.add(1);
  await devices.add(5);
  await devices.add(1);
  expect([devices.has(1), devices.has(5), devices.has(2)]).toEqual([true, true, false]);
  expect(values.get('paired-devices')).toBe('[1,5]');
});

it('devices that are paired in one moment are all known', async () => {
  const { devices, values } = kept();
  await Promise.all([devices.add(1), devices.add(5)]);
  expect([devices.has(1), devices.has(5)]).toEqual([true, true]);
  expect(values.get('paired-devices')).toBe('[1,5]');
});

it.each(['', 'not json', '{}', '["1"]'])('where the list reads %j, no device is spoken to in plain', (text) => {
  expect(kept(text).devices.has(0)).toBe(true);
});
