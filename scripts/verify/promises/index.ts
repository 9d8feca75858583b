import type { Promised } from "../promised";
import { health } from "./health";
import { page } from "./page";
import { prime } from "./prime";
import { project } from "./project";
import { servers } from "./servers";
import { tokens } from "./tokens";
import { moved, uploads } from "./uploads";
import { users } from "./users";

/** In the order in which they are asked: what others stand on first, what kills last. */
export const PROMISES: Promised[] = [page, servers, health, users, prime, tokens, uploads, moved, project];
