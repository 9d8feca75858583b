import type { Promised } from "../promised";
import { alarm } from "./alarm";
import { dashboard } from "./dashboard";
import { databaseFault } from "./database-fault";
import { deadLetter } from "./dead-letter";
import { drift } from "./drift";
import { drill } from "./drill";
import { health } from "./health";
import { managedFailover } from "./managed-failover";
import { page } from "./page";
import { prime } from "./prime";
import { pipeline } from "./pipeline";
import { serverProject, staticProject } from "./project";
import { scaling } from "./scaling";
import { servers } from "./servers";
import { signUp } from "./sign-up";
import { switchover } from "./switchover";
import { tokens } from "./tokens";
import { moved, uploads } from "./uploads";
import { users } from "./users";
import { webFault } from "./web-fault";

/** In the order of the checks: first what others depend on, late what kills something, and last whether all of it has changed anything. */
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
  staticProject,
  serverProject,
  deadLetter,
  pipeline,
  scaling,
  switchover,
  webFault,
  databaseFault,
  managedFailover,
  drift,
];
