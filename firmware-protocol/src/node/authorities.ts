import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import { DomainError } from '../units/errors.ts';

/**
 * The certificates, PEM, that a program takes for roots when it speaks TLS: those of `file` and no others, or without one those that come with
 * Node and those of the machine. Throws DomainError `bad-authorities` if the file cannot be read or holds no certificate.
 */
export function trustedAuthorities(file: string | undefined): string[] {
  if (file === undefined) return [...getCACertificates('bundled'), ...getCACertificates('system')];
  const certificates = readAuthorities(file).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (!certificates) throw new DomainError('bad-authorities', `${file} holds no certificate in PEM`);
  return certificates;
}

function readAuthorities(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new DomainError('bad-authorities', `${file} cannot be read`, {}, { cause });
  }
}
