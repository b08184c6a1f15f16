import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { newAuthority, newServer } from './certificates.fixture.ts';

it('certificates for tests can be read however long they come out, and hold together', () => {
  for (let length = 1; length <= 48; length += 1) {
    const authority = newAuthority('r'.repeat(length));
    const root = new X509Certificate(authority.certPem);
    const server = new X509Certificate(newServer(authority, '127.0.0.1').certPem);
    expect(server.checkIssued(root) && server.verify(root.publicKey)).toBe(true);
  }
});
