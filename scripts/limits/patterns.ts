/** Translates a pattern of AWS's models, written for Java, to JavaScript; undefined if that is impossible. */
export function inJavaScript(pattern: string): string | undefined {
  let text = pattern
    .replace(/\\p\{Alpha\}/g, "a-zA-Z")
    .replace(/\\p\{Alnum\}/g, "a-zA-Z0-9")
    .replace(/\\p\{ASCII\}/g, "\\x00-\\x7f")
    .replace(/\\p\{Print\}/g, "\\x20-\\x7e")
    .replace(/\\p\{Graph\}/g, "\\x21-\\x7e")
    .replace(/\\p\{Is(\w+)\}/g, "\\p{$1}")
    .replace(/\\uD800\\uDC00-\\uDBFF\\uDFFF/gi, "\\u{10000}-\\u{10FFFF}")
    .replace(/\\x\{([0-9A-Fa-f]+)\}/g, "\\u{$1}")
    .replace(/\[:alnum:\]/g, "a-zA-Z0-9")
    .replace(/^\(\?[is]+\)/, "")
    .replace(/\\A|\\[zZ]/g, (end) => (end === "\\A" ? "^" : "$"))
    .replace(/([*+?}])\+/g, "$1");
  // With the flag that enables \p, JavaScript accepts no unnecessary escape.
  text = text.replace(/\\([^\w\s^$\\.*+?()[\]{}|/-]|_)/g, "$1");
  const whole = `^(?:${text})$`;
  try {
    new RegExp(whole, "u");
    return whole;
  } catch {
    return undefined;
  }
}
