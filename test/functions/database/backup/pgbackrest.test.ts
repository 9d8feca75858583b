import { strict as assert } from "node:assert";
import { run, start } from "../../../../functions/database/backup/pgbackrest";

const sh = (script: string) => ["/bin/sh", "-c", script];

/** What is written to our own output meanwhile. */
async function told<T>(work: () => Promise<T>): Promise<{ lines: string; result: T }> {
  const write = process.stdout.write;
  let lines = "";
  process.stdout.write = ((text: string) => (lines += text)) as never;
  try {
    const result = await work();
    return { lines, result };
  } finally {
    process.stdout.write = write;
  }
}

describe("A program that the backups start", () => {
  it("returns its output, from a folder that every user may enter, and logs to the agent's log", async () => {
    const { lines, result } = await told(() => run(sh("pwd; echo moving >&2; sleep 0.1; echo é")));
    assert.deepEqual([result, lines], ["/\né\n", "moving\n"]);
  });

  it("fails with its first error, or else with its last line", async () => {
    const why = async (script: string) => {
      const failed = () => run(sh(script)).catch(({ message }: Error) => message);
      return (await told(failed)).result;
    };
    const says = (...lines: string[]) => lines.map((line) => `echo '${line}' >&2; sleep 0.1`).join("; ");
    assert.equal(
      await why(`${says("WARN: slow", "ERROR: no stanza", "ERROR: no more", "INFO: ends")}; exit 55`),
      "/bin/sh ended with 55: ERROR: no stanza",
    );
    assert.equal(
      await why("printf 'WARN: slow\\nERROR: no stanza\\nINFO: ends\\n' >&2; exit 55"),
      "/bin/sh ended with 55: ERROR: no stanza",
    );
    assert.equal(
      await why(`${says("LOG: starts, no ERROR", "FATAL: no room", "")}; exit 1`),
      "/bin/sh ended with 1: FATAL: no room",
    );
    assert.equal(await why("printf 'one\\ntwo\\n\\n' >&2; exit 2"), "/bin/sh ended with 2: two");
    assert.equal(await why("exit 3"), "/bin/sh ended with 3");
    assert.equal(await why("kill -9 $$"), "/bin/sh ended with SIGKILL");
  });

  it("waits for no input", async () => {
    assert.equal(await run(["/bin/cat"]), "");
  });

  it("that does not exist fails with its name, and has no process id", async () => {
    const { pid, done } = start(["/nowhere/pgbackrest"]);
    await assert.rejects(done, {
      message: "/nowhere/pgbackrest could not be run: spawn /nowhere/pgbackrest ENOENT",
    });
    assert.equal(pid, 0);
  });

  it("has its own process group if everything that it starts must end with it", async () => {
    const group = "ps -o pgid= -p $$";
    const led = start(sh(group), { group: true });
    assert.equal((await led.done).trim(), String(led.pid));
    const ours = start(sh(group));
    assert.notEqual((await ours.done).trim(), String(ours.pid));
  });
});
