/**
 * Version of all messages together. History:
 * 1 (2026-11): journal rows, four documents, commands, presence, provisioning, short links.
 * 2 (2026-11): doors on OSDP, Modbus or MQTT with readers, modes and lifts; alarms that end; modes and readers in the journal; pairing commands.
 * A change that an older program would misread raises it; what is only added with a default does not.
 */
export const protocolVersion = 2;

/** The oldest version that the cloud must still understand. */
export const protocolVersionFloor = 1;
