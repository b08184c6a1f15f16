/** What each subcommand understands, as `--help` prints it. */
export const USAGE = {
  keygen: `gatecast-release keygen KEYFILE [--passphrase-file FILE]
  Makes an update key: KEYFILE (PKCS #8 in PEM, mode 0600) and KEYFILE.pub.json, which terminals and the cloud are given.
  Never writes over a file. --passphrase-file encrypts the key with the file's first line.`,
  pack: `gatecast-release pack FOLDER --model MODEL --out FILE [--version V] [--min-from V] [--protocol-floor N] [--created-at TIME]
  Makes an unsigned release file of a bundled agent, of the version in FOLDER/package.json. The same files and the same time give the same bytes.
  --model           what it runs on, as linux-x64 or linux-arm64
  --version         default: that of FOLDER/package.json
  --min-from        the oldest release that may be followed by this one at once; default: any
  --protocol-floor  lowest protocol version of an agent that can install it; default: 4
  --created-at      as 2026-11-22T08:00:00Z; default: now`,
  sign: `gatecast-release sign FILE --key KEYFILE [--passphrase-file FILE] [--succession FILE]…
  Signs a release in place, after reading all of it.
  --succession      what endorse wrote, oldest first, for terminals that know an earlier key`,
  verify: `gatecast-release verify FILE --keys KEYS.json
  Checks signature, archive and every file, as a terminal that believes these keys would. Exit status 1: it would refuse.`,
  show: `gatecast-release show FILE [--json]
  Says what a release is. Believes everything it reads.`,
  endorse: `gatecast-release endorse --key KEYFILE --next NEXT.pub.json --out FILE [--passphrase-file FILE]
  The key says that the next one speaks in its place from now on. The old key is needed for this one more time.`,
} as const;

export type Subcommand = keyof typeof USAGE;

export function isSubcommand(word: string): word is Subcommand {
  return Object.hasOwn(USAGE, word);
}

/** All of them, one a line. */
export const ALL_USAGE: string = Object.values(USAGE)
  .map((text, index) => `${index === 0 ? 'usage: ' : '       '}${text.split('\n')[0] ?? ''}`)
  .join('\n');
