/**
 * Version of all messages together. History:
 * 1 (2026-11): journal rows, four documents, commands, presence, provisioning, short links.
 * 2 (2026-11): doors on OSDP, Modbus or MQTT with readers, modes and lifts; alarms that end; modes and readers in the journal; pairing commands.
 * 3 (2026-11): cards, phones, schedules, first uses and pass keys in the access list and its deltas; opening by a resident and learning a card among the commands;
 *   help and code storms among the alarms; notices with a level. A version 2 terminal refuses such a list whole and keeps its old one.
 * 4 (2026-11): a health report from the terminal; notices as a document of their own, told to whoever says that it speaks 4, and in the plan to the others;
 *   a version that was taken back is `reverted`, with what is in force instead.
 *   The agent's own release as the document `software`, signed by the offline update key, with when to fetch it and when to restart; the model in the health report.
 *   Reboot, screenshot, logs, speaker and re-sync among the commands: an older terminal does not answer them, and they expire.
 *   An unclaimed terminal offers itself and shows a code; a sign-in says where it stands in the row of sign-ins; a terminal's keys can be replaced.
 *   A claim by a code is signed by the machine's own key, and a token says where the broker is now.
 *   A break-glass opening among the alarms.
 *   Journal batches as Brotli-compressed columns, with the identity key's signature; acknowledgements with a checkpoint that the cloud signs. The cloud still takes the older form.
 * 5 (2026-11): what the screen shows in the presence; brightness, silence until a time, the property's number and the address for complaints in the config, each with a default.
 *   The media manifest tells when each clip is needed first and until when it may play, what is needed first before the rest, and what was taken down; the door authority
 *   signs it. A hint may carry a signed order to stop files at once.
 *   When and how fast clips are fetched, in the config.
 *   The advertiser of entries that compete in the plan: an older terminal keeps campaigns of one advertiser apart too.
 *   Frequency caps in the plan, counted for those alone whom the access list gives a pseudonym; how the panel is known to be lit and by what a play was measured in its row.
 * 6 (2026-11): the media manifest names each clip's own still; older terminals do without.
 *   A name for notices in the access list and words for such names among the notices: an older terminal reads neither, and shows the word to nobody.
 *   Held-out days and line items that stop at so many people in the plan, to which of several screens each person belongs, and in a play's row that somebody new was reached: an older terminal is told of neither.
 *   In the plan what part of all touches an entry plays at, and what a touch counts for a segment: an older terminal takes both from the expected audience.
 *   In the access list to which group somebody said that they belong, and in the plan where that counts as a whole touch: an older terminal counts them as everybody else.
 * A change that an older program would misread raises it; what is only added with a default does not.
 */
export const protocolVersion = 6;

/** The oldest version that the cloud must still understand. */
export const protocolVersionFloor = 1;
