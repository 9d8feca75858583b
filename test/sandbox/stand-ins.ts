import assert from "node:assert/strict";
import { Service, Use } from "../../sandbox/engine/clients";

/** Hands out what stands in for the SDK's client of each service; nobody may ask for another one. */
export const standIns = (clients: Partial<Record<Service, object>>): Use =>
  (async (service: Service) =>
    clients[service] ?? assert.fail(`nobody asks ${service} here`)) as unknown as Use;
