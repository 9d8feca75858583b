import * as fs from "node:fs";
import * as http from "node:http";

/** The files of a page, by URL path. */
export type StaticFiles = Record<string, string>;

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  css: "text/css",
  js: "text/javascript",
};

/** A page of ours loads nothing from anywhere else. */
export function guardPage(response: http.ServerResponse): void {
  response.setHeader("content-security-policy", "default-src 'self'");
  response.setHeader("x-content-type-options", "nosniff");
}

/** Answers with one of the files, or names the paths that exist. */
export function sendFile(
  files: StaticFiles,
  route: string,
  response: http.ServerResponse,
  home: string,
): void {
  const file = files[route];
  if (!file) return void response.writeHead(404).end(`Not here: try ${home}\n`);
  response.writeHead(200, { "content-type": TYPES[file.split(".").at(-1)!] }).end(fs.readFileSync(file));
}
