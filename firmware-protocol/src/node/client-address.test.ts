import { describe, expect, it } from 'vitest';
import { areProxies, clientAddress, proxyCheck, proxyList } from './client-address.ts';

describe('where a request comes from', () => {
  it('is the peer, whatever the caller writes into the header', () => {
    const addressOf = clientAddress([]);
    expect(addressOf('192.0.2.7', undefined)).toBe('192.0.2.7');
    expect(addressOf('192.0.2.7', '198.51.100.1')).toBe('192.0.2.7');
    expect(addressOf('::ffff:192.0.2.7', undefined)).toBe('192.0.2.7');
    expect(addressOf(undefined, '198.51.100.1')).toBeUndefined();
  });

  it('is what a trusted proxy says, and only the part that it wrote itself', () => {
    const addressOf = clientAddress(['127.0.0.1', '10.0.0.0/8']);
    expect(addressOf('127.0.0.1', '198.51.100.1')).toBe('198.51.100.1');
    expect(addressOf('127.0.0.1', '203.0.113.9, 198.51.100.1, 10.1.2.3')).toBe('198.51.100.1');
    expect(addressOf('192.0.2.7', '198.51.100.1')).toBe('192.0.2.7');
  });

  it('stays with the proxy when the header holds nonsense', () => {
    const addressOf = clientAddress(['127.0.0.1']);
    for (const nonsense of ['', 'unknown', '198.51.100.1:99', ',,'])
      expect(addressOf('127.0.0.1', nonsense)).toBe('127.0.0.1');
  });

  it('is the network of an IPv6 line, which could write from each of its addresses', () => {
    const addressOf = clientAddress([]);
    expect(addressOf('2001:db8:1:2:3:4:5:6', undefined)).toBe('2001:db8:1:2::/64');
    expect(addressOf('2001:0db8:1:2::9', undefined)).toBe('2001:db8:1:2::/64');
    expect(addressOf('2001:db8::9', undefined)).toBe('2001:db8:0:0::/64');
    expect(addressOf('::1', undefined)).toBe('0:0:0:0::/64');
    expect(addressOf('fe80::1%eth0', undefined)).toBe('fe80:0:0:0::/64');
  });

  it('knows a proxy by its address or its network, however it is written', () => {
    const isProxy = proxyCheck(proxyList('192.0.2.7, 10.0.0.0/8\nfe80::/10'));
    expect(['192.0.2.7', '::ffff:10.1.2.3', 'fe80::1%eth0'].map(isProxy)).toEqual([true, true, true]);
    expect(['192.0.2.8', '2001:db8::1', 'proxy', undefined].map(isProxy)).toEqual([false, false, false, false]);
  });

  it('takes addresses and networks as proxies, nothing else', () => {
    expect(areProxies(['127.0.0.1', '::1', '10.0.0.0/8', 'fd00::/8'])).toBe(true);
    expect(areProxies(['proxy.example'])).toBe(false);
    expect(areProxies(['10.0.0.0/99'])).toBe(false);
  });
});
