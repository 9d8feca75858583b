import type { Promised } from "../promised";
import { databaseFault } from "./database-fault";
import { health } from "./health";
import { page } from "./page";
import { prime } from "./prime";
import { project } from "./project";
import { servers } from "./servers";
import { tokens } from "./tokens";
import { moved, uploads } from "./uploads";
import { users } from "./users";
import { webFault } from "./web-fault";

/** In the order in which they are asked: what others stand on first, what kills last. */
export const PROMISES: Promised[] = [
  page,
  servers,
  health,
  users,
  prime,
  tokens,
  uploads,
  moved,
  project,
  webFault,
  databaseFault,
];
