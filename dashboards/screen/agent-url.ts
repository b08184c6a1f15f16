const token = new URLSearchParams(location.search).get('token') ?? '';

/** An address of the agent, with the token of the kiosk's own URL. */
export const agentUrl = (path: string): string => `${path}?token=${encodeURIComponent(token)}`;
