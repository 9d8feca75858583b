import { ApiReply, reply } from "../shared/http";
import { Context } from "./context";
import { LARGEST_QUOTA, UNIT_NAME } from "./fields";
import { parsed } from "./request";
import { UnitQuota } from "./store";
import { refuse } from "./submit";

const ADMINS = refuse(403, "admins", "Only admins see and set the quotas of units.");

/** What an admin sees of a unit, in US dollars a month. */
const shown = ({ unit, limit, usedCents, reservedCents }: UnitQuota) => ({
  unit,
  ...(limit && { quota: limit.cents / 100, setBy: limit.by, setAt: limit.at }),
  committed: (usedCents - reservedCents) / 100,
  reserved: reservedCents / 100,
});

/** Every unit that has asked for a project, or that somebody has set a quota for. */
export async function listUnits({ ports, caller }: Context): Promise<ApiReply> {
  if (!caller.admin) return ADMINS;
  return reply(200, { units: (await ports.store.units()).map(shown) });
}

/** A unit's quota goes before what stands with its people; null takes it away again. */
export async function setQuota({ ports, caller, username, request }: Context): Promise<ApiReply> {
  if (!caller.admin) return ADMINS;
  const { unit, quota, ...rest } = parsed(request.body) ?? {};
  const problems = [
    ...Object.keys(rest)
      .slice(0, 10)
      .map((name) => `${name.slice(0, 50)} is not a field; accepted are unit, quota`),
    ...(typeof unit === "string" && UNIT_NAME.test(unit)
      ? []
      : [`unit must be 1 to 64 letters, digits or any of _ . : - and spaces within, got ${told(unit)}`]),
    ...(quota === null || isQuota(quota)
      ? []
      : [
          `quota must be US dollars a month from 0 to ${LARGEST_QUOTA.toLocaleString("en")}, or null for none, got ${told(quota)}`,
        ]),
  ];
  if (problems.length > 0) return refuse(400, "invalid", problems.join("; "), { problems });
  const limit = quota === null ? undefined : limitOf(quota as number, caller.email || username, ports.now());
  return reply(200, shown(await ports.store.setLimit(unit as string, limit)));
}

const isQuota = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value <= LARGEST_QUOTA;

const limitOf = (quota: number, by: string, at: Date) => ({
  cents: Math.floor(quota * 100),
  by,
  at: at.toISOString(),
});

const told = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value).slice(0, 100));
