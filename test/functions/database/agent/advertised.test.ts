import { strict as assert } from "node:assert";
import { X509Certificate } from "node:crypto";
import { keepAdvertised } from "../../../../functions/database/agent/advertised";
import type { Secret } from "../../../../functions/database/agent/password";
import { createAuthority } from "../../../webapp/certificates";

const { certificate } = createAuthority("10.10.10.11");

describe("The connection details in the database's secret", () => {
  async function kept(value: Secret): Promise<Secret[]> {
    const stored: Secret[] = [];
    await keepAdvertised({
      secret: async () => ({ value }),
      certificate: async () => certificate,
      store: async (secret) => void stored.push(secret),
    });
    return stored;
  }
  const right = { username: "app", password: "p", host: "10.10.10.11", ca: certificate };

  it("stay while they match the database", async () => {
    assert.equal(new X509Certificate(certificate).subject, "CN=10.10.10.11");
    assert.deepEqual(await kept(right), []);
  });

  it("follow a new certificate and its address, and leave everything else unchanged", async () => {
    assert.deepEqual(await kept({ ...right, host: "10.10.10.10" }), [right]);
    assert.deepEqual(await kept({ ...right, ca: "another" }), [right]);
  });
});
