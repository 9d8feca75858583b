export const byId = (id) => document.getElementById(id);
const form = byId("console").dataset.form;

/** What the server refuses, in its words. */
export class Problem extends Error {}

/** Asks the server, which asks the provisioner as whoever is signed in. */
export async function ask(method, path, body, headers = {}) {
  const response = await fetch(`/console/api${path}`, {
    method,
    headers: {
      accept: "application/json",
      "x-form-token": form,
      ...(body && { "content-type": "application/json" }),
      ...headers,
    },
    body: body && JSON.stringify(body),
  }).catch(() => {
    throw new Problem("The connection was lost; the page tries again.");
  });
  if (response.status === 401) location.assign("/login");
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(answer.message ?? `The server answered with ${response.status}.`);
  return answer;
}

/** An element with its properties and what is in it; text is text, whatever it holds. */
export function el(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child !== undefined && child !== ""));
  return element;
}

export const money = (dollars) => `${dollars.toLocaleString("en", { maximumFractionDigits: 2 })} USD a month`;
