const office = (kind: string) => `application/vnd.openxmlformats-officedocument.${kind}`;

/** The types that may be uploaded by default. No HTML or SVG: a browser would run the code in them. */
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
