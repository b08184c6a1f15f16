import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import { DomainError } from '../units/errors.ts';

/**
 * The certificates, PEM, that a program takes for roots when it speaks TLS: those of `file` and no others, or without one those that come with
 * Node and those of the machine. Throws DomainError `bad-authorities` if the file cannot be read, or holds no certificate or a broken one.
 */
export function trustedAuthorities(file: string | undefined): string[] {
  if (file === undefined) return [...getCACertificates('bundled'), ...getCACertificates('system')];
  const certificates = readAuthorities(file).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (!certificates) throw new DomainError('bad-authorities', `${file} holds no certificate in PEM`);
  certificates.forEach((pem, index) => checkCertificate(pem, `certificate ${index + 1} of ${file}`));
  return certificates;
}

/** TLS passes over what it cannot decode without a word, and then trusts nobody. */
function checkCertificate(pem: string, named: string): void {
  try {
    void new X509Certificate(pem);
  } catch (cause) {
    throw new DomainError('bad-authorities', `${named} is broken`, {}, { cause });
  }
}

function readAuthorities(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new DomainError('bad-authorities', `${file} cannot be read`, {}, { cause });
  }
}
