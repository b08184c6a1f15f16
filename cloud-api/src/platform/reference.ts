import type { Api } from './http.ts';

const info = { title: 'Gatecast', version: '1', description: 'Doors, screens, exposure, group-buys.' } as const;

/** `/openapi.json` and a reference page that loads nothing from elsewhere. */
export function referenceRoutes(api: Api): void {
  api.app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  let document: string | undefined;
  api.app.get('/openapi.json', (c) => {
    document ??= JSON.stringify(api.app.getOpenAPI31Document({ openapi: '3.1.0', info }));
    return c.body(document, 200, { 'content-type': 'application/json' });
  });
  api.app.get('/docs', (c) => {
    c.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    return c.html(page(api));
  });
}

function page(api: Api): string {
  const rows = api.routes
    .toSorted((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method))
    .map(
      ({ method, path, right }) =>
        `<tr><td>${method.toUpperCase()}<td><code>${escaped(path)}</code><td>${escaped(right)}`,
    )
    .join('\n');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Gatecast API</title>
<style>body{font:15px/1.5 system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #ddd;padding:.3rem .6rem;text-align:left}code{font-size:14px}</style>
<h1>Gatecast API</h1><p>Shapes and limits: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1). Errors are RFC 9457 problem details
with a stable <code>code</code>; lists are cursor pages; writes take an <code>Idempotency-Key</code>.</p>
<table><thead><tr><th>Method<th>Path<th>Who may</thead><tbody>
${rows}
</tbody></table></html>`;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
