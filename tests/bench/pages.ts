import { buildDashboards } from '../../dashboards/build.ts';

/** What a phone fetches before the first page shows: scripts and styles, gzipped, without fonts. */
export async function run(say: (line: string) => void): Promise<Record<string, number>> {
  const built = await buildDashboards();
  const kilobytes = built.map(({ name, firstLoadBytes }) => [name, firstLoadBytes / 1_000] as const);
  for (const [name, kb] of kilobytes) say(`${name.padEnd(9)} ${kb.toFixed(1)} kB`);
  return Object.fromEntries(kilobytes.map(([name, kb]) => [`${name}Kb`, Math.round(kb * 10) / 10]));
}
