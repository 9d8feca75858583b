import * as http from "node:http";

const STYLE = "body{font:18px/1.6 system-ui,sans-serif;max-width:34em;margin:15vh auto;padding:0 1em}";

/** A page that replaces a project's own. */
export function notice(response: http.ServerResponse, status: number, title: string, text: string): void {
  const body = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${escaped(title)}</title><style>${STYLE}</style>
<h1>${escaped(title)}</h1><p>${escaped(text)}</p><p><small>Groundwork sandbox</small></p></html>
`;
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
      "cache-control": "no-store",
    })
    .end(body);
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
