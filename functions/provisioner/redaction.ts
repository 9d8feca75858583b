/**
 * Anything that looks like a secret, at any place. CodeBuild itself masks the values that a build gets from Secrets Manager; this
 * covers what a repository's own commands print.
 */
const SECRETS: [RegExp, string][] = [
  // A key counts as one even if its beginning or end lies outside of the text that was read.
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, "***"],
  [/^[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/, "***"],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, "$1***@"],
  [/\b(A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b/g, "***"],
  [/\b(gh[pousr]_|github_pat_|glpat-|glptt-|npm_|xox[abprs]-|sk-|sk_live_|rk_live_)[\w-]{10,}/g, "***"],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, "***"],
  [/\b(authorization|proxy-authorization)\s*[:=]\s*.+/gi, "$1: ***"],
  [/\b(bearer|basic)\s+[\w+/.=-]{12,}/gi, "$1 ***"],
  [
    /([\w.-]*(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|app_keys)[\w.-]*["']?\s*[=:]\s*)("[^"\n]*"|'[^'\n]*'|[^\s,;"']+)/gi,
    "$1***",
  ],
];

export const withoutSecrets = (text: string): string =>
  SECRETS.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);

const KEY_BEGINS = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const KEY_ENDS = /-----END [A-Z ]*PRIVATE KEY-----/;
/** A line of a key whose beginning and end were both not read. */
const OF_A_KEY = /^\s*[A-Za-z0-9+/]{60,76}={0,2}\s*$/;

/** The same line by line, so that each stays in place: of a key that spans several lines, none is shown. */
export function linesWithoutSecrets(lines: string[]): string[] {
  const first = lines.findIndex((line) => KEY_BEGINS.test(line) || KEY_ENDS.test(line));
  // A key that ends here began earlier.
  let inKey = first >= 0 && !KEY_BEGINS.test(lines[first]!);
  return lines.map((line) => {
    const begins = KEY_BEGINS.test(line);
    const within = inKey || begins;
    if (begins) inKey = true;
    if (KEY_ENDS.test(line)) inKey = false;
    return within || OF_A_KEY.test(line) ? "***" : withoutSecrets(line);
  });
}
