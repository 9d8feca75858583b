const office = (kind: string) => `application/vnd.openxmlformats-officedocument.${kind}`;

/** What may be uploaded unless told otherwise. No HTML or SVG: a browser would run what they carry. */
export const CONTENT_TYPES = [
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "application/pdf",
  "text/plain",
  "text/csv",
  "application/json",
  "application/zip",
  office("wordprocessingml.document"),
  office("spreadsheetml.sheet"),
  office("presentationml.presentation"),
];
