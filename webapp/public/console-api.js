import { byId } from "./dom.js";
import { askSignedIn } from "./server.js";

const { form } = byId("console").dataset;

/**
 * Asks the provisioner's API, through the web app and as whoever is signed in.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {Record<string, string>} [headers]
 */
export const ask = (method, path, body, headers) =>
  askSignedIn(method, `/console/api${path}`, { body, form, headers });
