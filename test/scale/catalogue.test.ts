// What the catalogue tells teams that projects cost is reckoned by the price list, as everything else is.
import { strict as assert } from "node:assert";
import { cents, ENVIRONMENTS, kinds } from "../../functions/provisioner/catalogue";
import { priceOf } from "../../scripts/preview/prices";
import { costOfProject, type Line, REGION, sum } from "../../scripts/scale/cost";
import { some } from "../some";

const roundedUp = (usd: number) => Math.ceil(usd - 1e-9) * 100;
const isDatabase = ({ what }: Line) => what === "database";
/** What uploads are reckoned with, and as much in backups. */
const UPLOADS_GB = { dev: 2, stag: 5, prod: 10 };

describe("the prices of the catalogue", () => {
  const linesOf = (template: "static" | "server", environment: (typeof ENVIRONMENTS)[number]) => {
    const [type, framework] = some(
      Object.entries(kinds).flatMap(([type, frameworks]) =>
        Object.entries(frameworks)
          .filter(([, kind]) => kind.template === template && (template === "static" || kind.engine))
          .map(([framework]) => [type, framework] as const),
      ),
    )[0]!;
    return costOfProject({ type, framework, environment });
  };

  for (const environment of some(ENVIRONMENTS))
    it(`match the price list, rounded up to whole dollars: ${environment}`, () => {
      const site = linesOf("static", environment);
      const server = linesOf("server", environment);
      const gigabytes = UPLOADS_GB[environment];
      const due = {
        server: roundedUp(sum(server.filter((line) => !isDatabase(line)))),
        database: roundedUp(sum(server.filter(isDatabase))),
        uploads: roundedUp(gigabytes * (priceOf("efs", REGION) + priceOf("backup", REGION))),
      };
      const { static: ofSite, ...told } = Object.fromEntries(
        Object.entries(cents).map(([name, by]) => [name, by[environment]]),
      );
      assert.deepEqual(told, due);
      // The rest is for visitors, whom the list knows nothing of.
      assert.ok(ofSite! >= roundedUp(sum(site)));
    });
});
