import { network } from "./network";
import { web } from "./web";
import { data } from "./data";
import { events } from "./events";
import { delivery } from "./delivery";
import { guards } from "./guards";
import type { Counterpart } from "./counterpart";

/** Every type that one of our programs declares, or that another library's component creates for it. */
export const COUNTERPARTS: Record<string, Counterpart> = {
  ...network,
  ...web,
  ...data,
  ...events,
  ...delivery,
  ...guards,
};
