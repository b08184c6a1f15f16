import { DomainError } from '@gatecast/firmware-protocol';

/** The broker of the site's networked relays: `mqtt://` or `mqtts://`, host and port. */
export interface RelayBroker {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** `mqtt://user:pass@host:port`; user and password as URLs quote them. Throws DomainError `bad-relay-broker` for anything else. */
export function relayBroker(text: string): RelayBroker {
  const url = URL.parse(text);
  if (!url || !/^mqtts?:$/.test(url.protocol) || url.hostname === '' || !/^\/?$/.test(url.pathname)) {
    throw new DomainError('bad-relay-broker', 'the broker of the relays is mqtt://user:password@host:port');
  }
  const { username, password } = url;
  return {
    url: `${url.protocol}//${url.host}`,
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
  };
}
