import { BlockList, isIP } from 'node:net';

/** Where a request comes from: the peer's address and the header that proxies add; undefined if nobody says. */
export type AddressOf = (peer: string | undefined, forwardedFor: string | undefined) => string | undefined;

/**
 * Believes `x-forwarded-for` from the named proxies alone, and of it the last address that is not one of theirs: what stands before it
 * was written by the caller. `proxies` are addresses or networks, `10.0.0.0/8`; throws if one is neither.
 */
export function clientAddress(proxies: readonly string[]): AddressOf {
  const isProxy = proxyCheck(proxies);
  return (peer, forwardedFor) => {
    if (peer === undefined) return undefined;
    const hops = [...(forwardedFor?.split(',') ?? []), peer].map((hop) => plain(hop.trim()));
    let nearest = hops.pop();
    while (nearest !== undefined && isProxy(nearest) && hops.length > 0) {
      const before = hops.pop();
      if (before === undefined || isIP(before) === 0) break;
      nearest = before;
    }
    return nearest === undefined || isIP(nearest) === 0 ? undefined : network(nearest);
  };
}

/** Whether an address is one of the named proxies'. Throws as `clientAddress`. */
export function proxyCheck(proxies: readonly string[]): (address: string | undefined) => boolean {
  const trusted = new BlockList();
  for (const proxy of proxies) addTo(trusted, proxy);
  return (address = '') => {
    const told = plain(address);
    return isIP(told) !== 0 && trusted.check(told, isIP(told) === 6 ? 'ipv6' : 'ipv4');
  };
}

/** A setting that lists proxies, separated by spaces or commas. */
export const proxyList = (text: string): string[] => text.split(/[\s,]+/).filter((proxy) => proxy !== '');

/** Faults of a list of proxies, for the configuration. */
export const areProxies = (proxies: readonly string[]): boolean => {
  try {
    clientAddress(proxies);
    return true;
  } catch {
    // BlockList says no by throwing, and the caller says which variable it was.
    return false;
  }
};

function addTo(list: BlockList, proxy: string): void {
  const [address = '', bits] = proxy.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}

/** An IPv4 peer of a socket that listens on both is `::ffff:192.0.2.1`, and a neighbour on the same wire `fe80::1%eth0`. */
const plain = (address: string): string =>
  /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address.replace(/%.*$/, '');

/** One IPv6 line has a /64 to itself and could come from another of its addresses each time. */
function network(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
