import { named } from "../shared/is-named";

export interface ImageBuild {
  id: string;
  /** CodeBuild's value, such as IN_PROGRESS or SUCCEEDED. */
  status: string;
  /** The S3 location of its source. */
  source: string;
  /** CodeBuild's messages about the phases that failed. */
  faults: string[];
  /** Where its log is, once there is one. */
  log?: { group: string; stream: string };
}

export interface ImageBuilds {
  /** The last one that was started, however long ago. */
  newest: () => Promise<ImageBuild | undefined>;
  start: () => Promise<ImageBuild>;
  look(id: string): Promise<ImageBuild>;
  lastLines(log: NonNullable<ImageBuild["log"]>): Promise<string[]>;
  /** The digest of the last pushed image; undefined if there is none. */
  digest(): Promise<string | undefined>;
  pause: () => Promise<void>;
}

export interface BuildImageEvent {
  /** The S3 location of the source that the project builds now. */
  source: string;
}

const RUNS = "IN_PROGRESS";
const DOCKER_INSTEAD = "With the setting builder: docker, the Docker where pulumi up runs builds it.";

/** Builds the image and waits for the end. A repeated call after a broken connection waits for the build that is already running. */
export async function buildImage(
  { source }: BuildImageEvent,
  builds: ImageBuilds,
): Promise<{ digest: string }> {
  const newest = await patiently(builds.newest, builds.pause);
  const underWay = newest?.status === RUNS && newest.source === source;
  let build = underWay ? newest : await begun(builds);
  while (build.status === RUNS) {
    await builds.pause();
    build = await builds.look(build.id);
  }
  if (build.status !== "SUCCEEDED") throw plain(await failure(build, builds));
  const digest = await builds.digest();
  if (!digest) throw plain(`The build ${build.id} of the web app's image ended well and pushed none.`);
  return { digest };
}

async function begun(builds: ImageBuilds): Promise<ImageBuild> {
  try {
    return await patiently(builds.start, builds.pause);
  } catch (error) {
    const { name, message } = error as Error;
    const young =
      name === "AccountLimitExceededException"
        ? " A new account may have to ask AWS Support to allow builds."
        : "";
    throw plain(
      `CodeBuild did not start the web app's build: ${name}: ${message}.${young} ${DOCKER_INSTEAD}`,
    );
  }
}

const TRIES = 6;

/** IAM takes some seconds until a new role may use its rights. */
async function patiently<T>(ask: () => Promise<T>, pause: () => Promise<void>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await ask();
    } catch (error) {
      if (!named(error, "AccessDeniedException") || tries === TRIES) throw error;
      await pause();
    }
}

async function failure({ id, status, faults, log }: ImageBuild, builds: ImageBuilds): Promise<string> {
  return [
    `The web app's image was not built: build ${id} ended with ${status}.`,
    ...faults,
    ...(log ? await endOf(log, builds) : []),
  ].join("\n");
}

/** The cause of the build's end is reported in any case. */
async function endOf(log: NonNullable<ImageBuild["log"]>, builds: ImageBuilds): Promise<string[]> {
  const name = `${log.group} ${log.stream}`;
  try {
    const lines = await builds.lastLines(log);
    return lines.length > 0 ? [`The end of its log, ${name}:`, ...lines] : [];
  } catch (error) {
    return [`Its log, ${name}, could not be read: ${(error as Error).message}`];
  }
}

/** An error without its stack trace in this function, which `pulumi up` would print. */
const plain = (message: string): Error => Object.assign(new Error(message), { stack: "" });
