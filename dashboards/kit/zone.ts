/**
 * Wall clocks of a zone: the one part of the protocol that a phone's page needs at run time. It brings nothing else along; the
 * messages, with their validation, stay types for pages.
 */
export { instant, localTime, zonedInstant } from '@gatecast/firmware-protocol';
