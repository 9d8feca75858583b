/** An unsuccessful answer, with the server's own message. */
export class Refused extends Error {
  /**
   * @param {string} message
   * @param {{ status?: number, field?: string, problems?: string[] }} details
   */
  constructor(message, { status, field, problems = [] } = {}) {
    super(message);
    this.status = status;
    /** What was wrong in the request. */
    this.field = field;
    /** Every error in it, if the server lists them. */
    this.problems = problems;
  }
}

/**
 * @typedef {object} Question
 * @property {unknown} [body] sent as JSON
 * @property {string} [form] the token that proves the request comes from this page
 * @property {Record<string, string>} [headers]
 */

/**
 * Asks the server. The answer's body is JSON; `next` is the address of the next page of a list.
 * @param {string} method
 * @param {string} url
 * @param {Question} question
 * @returns {Promise<{ body: any, next?: string }>}
 */
export async function ask(method, url, { body, form, headers } = {}) {
  const response = await fetch(url, {
    method,
    headers: {
      accept: "application/json",
      ...(form && { "x-form-token": form }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw new Refused("The server cannot be reached. Check your connection and try again.");
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    const message = answer.message ?? `The server answered with status ${response.status}. Try again later.`;
    throw new Refused(message, {
      status: response.status,
      field: answer.field,
      problems: answer.problems,
    });
  }
  const next = /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
  return { body: answer, next };
}

/**
 * The same for pages that only a signed-in person sees: leads to the login page when the session has ended.
 * @param {string} method
 * @param {string} url
 * @param {Question} question
 * @returns {Promise<any>}
 */
export async function askSignedIn(method, url, question = {}) {
  try {
    return (await ask(method, url, question)).body;
  } catch (error) {
    if (error instanceof Refused && error.status === 401) location.assign("/login");
    throw error;
  }
}
