import type { FastifyInstance, FastifyRequest } from "fastify";
import { LARGEST } from "../load/prime";
import { Refusal, refusalResponses } from "../refusal";

const NUMBER = `a whole number from 0 to ${LARGEST}`;

const schema = {
  summary: "Computes whether a number is prime, on a thread of its own",
  querystring: {
    type: "object",
    required: ["number"],
    properties: {
      number: {
        type: "string",
        pattern: "^(0|[1-9][0-9]{0,15})$",
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
    const number = exact(request.query.number);
    return { number, ...(await server.primes.test(number)) };
  });
}

/** Sixteen digits may be more than 2^53, which a double would round to another number. */
function exact(text: string): number {
  if (BigInt(text) > BigInt(LARGEST))
    throw new Refusal(400, `number must be ${NUMBER}, got "${text}"`, { field: "number" });
  return Number(text);
}
