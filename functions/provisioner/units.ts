import { ApiReply, reply } from "../shared/http";
import { refuse } from "./admit";
import { parsed, shown } from "./body";
import { Context } from "./context";
import { LARGEST_QUOTA, UNIT_NAME } from "./fields";
import { unknown } from "./request";
import { inDollars, UnitQuota } from "./store";

const ADMINS = refuse(403, "admins", "Only admins see and set the quotas of units.");

/** What an admin sees about a unit, in US dollars a month. */
const view = ({ unit, limit, ...usage }: UnitQuota) => ({
  unit,
  ...(limit && { quota: limit.cents / 100, setBy: limit.by, setAt: limit.at }),
  ...inDollars(usage),
});

/** Every unit that has asked for a project, or has a quota set by an admin. */
export async function listUnits({ ports, caller }: Context): Promise<ApiReply> {
  if (!caller.admin) return ADMINS;
  return reply(200, { units: (await ports.store.units()).map(view) });
}

/** A unit's quota takes precedence over those of its people; null removes it. */
export async function setQuota({ ports, caller, username, request }: Context): Promise<ApiReply> {
  if (!caller.admin) return ADMINS;
  const body = parsed(request.body) ?? {};
  const { unit, quota } = body;
  const problems = [
    ...unknown(body, ["unit", "quota"]),
    ...(typeof unit === "string" && UNIT_NAME.test(unit)
      ? []
      : [`unit must be 1 to 64 letters, digits or any of _ . : - and spaces within, got ${shown(unit)}`]),
    ...(quota === null || isQuota(quota)
      ? []
      : [
          `quota must be US dollars a month from 0 to ${LARGEST_QUOTA.toLocaleString("en")}, or null for none, got ${shown(quota)}`,
        ]),
  ];
  if (problems.length > 0) return refuse(400, "invalid", problems.join("; "), { problems });
  const limit = quota === null ? undefined : limitOf(quota as number, caller.email || username, ports.now());
  return reply(200, view(await ports.store.setLimit(unit as string, limit)));
}

const isQuota = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value <= LARGEST_QUOTA;

const limitOf = (quota: number, by: string, at: Date) => ({
  cents: Math.floor(quota * 100),
  by,
  at: at.toISOString(),
});
