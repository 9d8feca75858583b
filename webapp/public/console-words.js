/**
 * The console's words. The provisioner's types list what exists: the type check fails here if one of them has
 * no words, and a test compares the two as well.
 * @import { Environment } from "../../functions/provisioner/catalogue"
 * @import { DomainState, Project, Stage, StageName, State } from "../../functions/provisioner/project"
 * @import { PublicProject } from "../../functions/provisioner/public-project"
 */

/** A state's words, and its colour if that means something. @satisfies {Record<State, { words: string, tone: "" | "good" | "bad" | "past" }>} */
export const STATES = {
  running: { words: "being set up", tone: "" },
  ready: { words: "ready", tone: "good" },
  failed: { words: "did not get ready", tone: "bad" },
  frozen: { words: "frozen", tone: "" },
  updating: { words: "updating", tone: "" },
  deleting: { words: "being deleted", tone: "" },
  rejected: { words: "rejected", tone: "bad" },
  "rolled-back": { words: "rolled back", tone: "bad" },
  deleted: { words: "deleted", tone: "past" },
  "needs-attention": { words: "needs attention", tone: "bad" },
};

/** @satisfies {Record<StageName, string>} */
export const STAGES = {
  reserve: "Quota reserved",
  approve: "Approval",
  create: "Stack",
  update: "Stack update",
  deliver: "Build",
  serve: "Answer at its address",
  finish: "Finished",
  keep: "Kept as it was",
  hold: "Kept for you to correct",
  "undo serve": "Name removed",
  "undo deliver": "Build stopped",
  "undo create": "Stack deleted",
  "undo reserve": "Quota released",
};

/** What a change may change, for the person who decides on it. @satisfies {Record<keyof NonNullable<PublicProject["wants"]>, string>} */
export const WANTS = {
  repository: "repository",
  branch: "branch",
  folder: "folder of the built site",
  healthPath: "health path",
  releaseCommand: "command before each release",
  email: "e-mail",
  domain: "own domain",
  previews: "previews of branches",
  previewSecrets: "previews get its secrets",
  port: "port",
  variables: "variables",
  secretNames: "secrets",
  commit: "commit",
  release: "release",
};

/** The progress of a project's own name. @satisfies {Record<DomainState["state"], string>} */
export const DOMAINS = {
  asked: "its certificate is being requested; its records follow in a minute or two",
  waits: "waits for you to enter these records",
  issued: "is proved to be yours; the project is being moved to it",
  serves: "has its certificate, and leads here once its record exists",
  "given-up": "was given up",
};

/** @satisfies {Record<Stage["state"], string>} */
export const SIGNS = { running: "…", done: "✓", failed: "✗" };

/** @satisfies {Record<NonNullable<Project["decision"]>["verdict"], string>} */
export const VERDICTS = { approve: "approved", reject: "rejected", withdraw: "withdrawn" };

/** @satisfies {Record<Environment, string>} */
export const ENVIRONMENTS = { dev: "Development", stag: "Staging", prod: "Production" };

/** @type {Record<string, string>} */
export const TYPES = {
  static: "Static site",
  spa: "Single-page app",
  dapp: "Dapp",
  dynamic: "Dynamic site",
  cms: "Content management",
  realtime: "Real-time app",
};

/** What CloudFormation's drift detection found; nothing before its first run. @type {Record<string, string>} */
export const DRIFTS = { IN_SYNC: ", matches its template", DRIFTED: ", changed by hand" };

/** What CloudFormation says about a project's stack. @type {Record<string, string>} */
export const STACKS = {
  CREATE_IN_PROGRESS: "being created",
  CREATE_COMPLETE: "created",
  CREATE_FAILED: "could not be created",
  ROLLBACK_IN_PROGRESS: "being taken back",
  ROLLBACK_COMPLETE: "taken back",
  ROLLBACK_FAILED: "could not be taken back",
  UPDATE_IN_PROGRESS: "being updated",
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: "being updated",
  UPDATE_COMPLETE: "updated",
  UPDATE_FAILED: "could not be updated",
  UPDATE_ROLLBACK_IN_PROGRESS: "being put back as it was",
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: "being put back as it was",
  UPDATE_ROLLBACK_COMPLETE: "put back as it was",
  UPDATE_ROLLBACK_FAILED: "could not be put back as it was",
  DELETE_IN_PROGRESS: "being deleted",
  DELETE_COMPLETE: "deleted",
  DELETE_FAILED: "could not be deleted",
};

/** @param {number} dollars */
export const money = (dollars) => `${dollars.toLocaleString("en", { maximumFractionDigits: 2 })} USD a month`;
