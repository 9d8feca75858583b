/** The path of the projects' own roles. */
export const ROLE_PATH = "/groundwork-projects/";
