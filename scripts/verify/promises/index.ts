import type { Promised } from "../promised";
import { alarm } from "./alarm";
import { dashboard } from "./dashboard";
import { databaseFault } from "./database-fault";
import { drift } from "./drift";
import { drill } from "./drill";
import { health } from "./health";
import { page } from "./page";
import { prime } from "./prime";
import { project } from "./project";
import { servers } from "./servers";
import { signUp } from "./sign-up";
import { switchover } from "./switchover";
import { tokens } from "./tokens";
import { moved, uploads } from "./uploads";
import { users } from "./users";
import { webFault } from "./web-fault";

/** In the order in which they are asked: what others stand on first, what kills late, and at last whether all of it has changed anything. */
export const PROMISES: Promised[] = [
  page,
  servers,
  health,
  users,
  prime,
  tokens,
  signUp,
  uploads,
  moved,
  alarm,
  dashboard,
  drill,
  project,
  switchover,
  webFault,
  databaseFault,
  drift,
];
