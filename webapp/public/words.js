/**
 * A message of the API in words for a person: what a field must be is what to enter.
 * @param {string} message
 */
export function forPeople(message) {
  const rule = /^[\w-]+ (?:must be|is missing: it must be) (.+?)(?:, got .*)?$/s.exec(message)?.[1];
  const words = rule ? `enter ${rule}` : message;
  return words && `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`;
}

/** @param {number} bytes */
export function sizeInWords(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let index = 0;
  for (; bytes >= 1024 && index < units.length - 1; index++) bytes /= 1024;
  return `${bytes.toLocaleString(undefined, { maximumFractionDigits: index ? 1 : 0 })} ${units[index]}`;
}
