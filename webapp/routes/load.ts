import type { FastifyInstance, FastifyRequest } from "fastify";
import { LARGEST } from "../load/prime";
import { refusalResponses } from "../refusal";

const NUMBER = `a whole number from 0 to ${LARGEST} (a larger one could hold a core for minutes)`;

/** The pattern of whole numbers from 0 to this one, of two digits or more: a number of full length is lower from some digit on, or equal. */
function upTo(largest: string): string {
  const lower = [...largest].map((digit, at) => {
    const least = at === 0 ? 1 : 0;
    const rest = largest.length - at - 1;
    return Number(digit) > least
      ? `${largest.slice(0, at)}[${least}-${Number(digit) - 1}][0-9]{${rest}}`
      : [];
  });
  return `^(0|[1-9][0-9]{0,${largest.length - 2}}|${lower.flat().join("|")}|${largest})$`;
}

const schema = {
  summary: "Computes whether a number is prime, on a thread of its own",
  querystring: {
    type: "object",
    required: ["number"],
    properties: {
      number: {
        type: "string",
        pattern: upTo(String(LARGEST)),
        description: NUMBER,
        examples: ["112272535095293"],
      },
    },
  },
  response: {
    200: {
      type: "object",
      required: ["isPrime", "number", "processingTime"],
      properties: {
        isPrime: { type: "boolean" },
        number: { type: "integer" },
        processingTime: { type: "number", description: "Seconds" },
      },
    },
    ...refusalResponses,
  },
} as const;

export default async function load(server: FastifyInstance): Promise<void> {
  server.get("/load", { schema }, async (request: FastifyRequest<{ Querystring: { number: string } }>) => {
    const number = Number(request.query.number);
    return { number, ...(await server.primes.test(number)) };
  });
}
