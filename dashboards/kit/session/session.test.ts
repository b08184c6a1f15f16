import { ApiError, type Client, type Session } from '@gatecast/cloud-api/client';
import { beforeEach, expect, it } from 'vitest';
import { createSessionStore } from './session.ts';

const session: Session = {
  token: 't-1',
  expiresAt: 1,
  me: { role: 'property', name: '周管家', scope: null, communityIds: null, email: null, totp: false },
};
const signsIn = (() => Promise.resolve(session)) as unknown as Client;
const refuses = (() => {
  const problem = { type: 'about:blank', title: 'no', status: 401, code: 'wrong-credentials' };
  return Promise.reject(new ApiError(problem));
}) as unknown as Client;

function tabStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem: (key, value) => void items.set(key, value),
  };
}

let storage: Storage;
beforeEach(() => {
  storage = tabStorage();
});

it('a reload of the tab keeps the session; another app in the same tab has its own', async () => {
  await createSessionStore('property', storage).signIn(signsIn, { link: 'once' });
  expect(createSessionStore('property', storage).token()).toBe('t-1');
  expect(createSessionStore('merchant', storage).token()).toBeUndefined();
});

it('a refused sign-in changes nothing', async () => {
  const store = createSessionStore('property', storage);
  await expect(store.signIn(refuses, { email: 'a@b.example', password: 'wrong' })).rejects.toThrow(ApiError);
  expect(store.state()).toEqual({ session: null, reason: 'none' });
});

it('a token that the cloud no longer takes is forgotten, and the page says why', async () => {
  const store = createSessionStore('property', storage);
  await store.signIn(signsIn, { link: 'once' });
  store.expire();
  expect(store.state()).toEqual({ session: null, reason: 'expired' });
  expect(createSessionStore('property', storage).token()).toBeUndefined();
});

it('what somebody else stored under our name is no session', () => {
  storage.setItem('gatecast.property.session', '{"not":"ours"}');
  expect(createSessionStore('property', storage).token()).toBeUndefined();
});
