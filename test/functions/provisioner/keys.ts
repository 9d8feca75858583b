import { some } from "../../some";
import { World } from "./world";

export const withKey = (key: string) => ({ headers: { "idempotency-key": key } });
/** As if the function had died before it could keep what it answered. */
export const forgetClaims = (w: World) => {
  for (const pk of some([...w.dynamo.items.keys()].filter((one) => one.startsWith("claim#"))))
    w.dynamo.items.delete(pk);
};
