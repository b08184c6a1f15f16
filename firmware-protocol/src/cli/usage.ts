/** What each subcommand understands, as `--help` prints it. */
export const USAGE = {
  decode: `gatecast-osdp decode [--json] [--key KEY]… [--key-file FILE] HEX… | FILE.osdpcap
  Says what captured frames mean, and follows secure channels from their handshake on.
  --json      one JSON object a frame
  --key       a secure channel base key as 32 hexadecimal digits, or ADDRESS=DIGITS for one device; as often as needed
  --key-file  the same, one a line
  SCBK-D and what a KEYSET brings are known without being given. Exit status 1: some of it was no frame.`,
  sniff: `gatecast-osdp sniff LINK [--write FILE.osdpcap] [--json] [--key KEY]… [--key-file FILE]
  Prints what goes over a line, as it comes, and says nothing itself; interrupt it for a summary.
  LINK        tcp://host:port, unix:/path or serial:/dev/tty…?baud=9600
  --write     appends each frame to a capture that decode reads; what is typed in clear is in it
  --json, --key, --key-file  as for decode`,
  discover: `gatecast-osdp discover LINK [--baud LIST] [--addresses A-B] [--json]
  Asks each address at each speed who is there. Nothing else may talk on the line meanwhile.
  LINK        tcp://host:port, unix:/path or serial:/dev/tty…?baud=9600
  --baud      speeds to try on a serial port, as 9600,115200
  --addresses default 0-126
  --json      one JSON object a device
  Exit status 1: nobody answered.`,
  pd: `gatecast-osdp pd [--listen PORT|unix:/PATH] [--address N,…] [--baud N] [--describe FILE.json] [--key-file FILE] [--install] [--require-secure]
  Is a device, or several, on a link: the reference firmware. Ends with its input, or when it is interrupted.
  --listen    TCP port on this machine or a unix socket; default 0, any free port, which the first line printed tells
  --address   default 0; several stand for several devices on one line
  --baud      answers no faster than a wire of this speed; default: as fast as the link
  --describe  what it is and has, as JSON: identity {vendor, model, version, serial, firmware {major, minor, build}}, inputs,
              outputs, readers, receiveBytes; default: a door board with 3 inputs, 1 output, 1 reader
  --key-file  keeps keys and settings that the panel sets, for the next start; without it they end with the program
  --install   SCBK-D is accepted until a key is set
  --require-secure  answers in clear only ID, CAP and the handshake once it has a key
  Each change of a device is printed as one JSON object. Each line of input is something that happens to the first device, or with
  "N:" before it to that of address N: keys as 12#, card BITS, input N on|off, tamper on|off, power fail|ok`,
} as const;

export type Subcommand = keyof typeof USAGE;

export function isSubcommand(word: string): word is Subcommand {
  return Object.hasOwn(USAGE, word);
}

/** All of them, one a line. */
export const ALL_USAGE: string = Object.values(USAGE)
  .map((text, index) => `${index === 0 ? 'usage: ' : '       '}${text.split('\n')[0] ?? ''}`)
  .join('\n');
