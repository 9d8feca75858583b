/** Drops what only a terminal understands, such as colours. */
export const plainText = (text: string): string =>
  text.replace(/\x1b\[[0-9;?]*[ -/]*[@-~]/g, "").replace(/[^\n\t\x20-\x7e\u00a0-\uffff]/g, "");
