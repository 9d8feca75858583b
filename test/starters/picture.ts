const DOT = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
/** How each of them begins. */
export const PNG = DOT.subarray(0, 8);

const MB = 1024 * 1024;

/** A PNG of one dot, as large as a photograph by what comes after it. */
export const PICTURE = Buffer.concat([DOT, Buffer.alloc(3 * MB)]);

/** As a browser sends it, in a field of this name. */
export function upload(field: string): FormData {
  const form = new FormData();
  form.set(field, new Blob([PICTURE], { type: "image/png" }), "dot.png");
  return form;
}
