import * as fs from "node:fs";

/**
 * A phase's commands as one bash script, which ends with the first one that fails. The next phase gets the variables, functions and
 * folder that a phase leaves. On CodeBuild all commands of a build share a shell; here each phase has its own, so that a plain `exit`
 * ends only the phase.
 */
export function phaseScript(commands: string[], state: string): string {
  return [
    `state=${quoted(state)}`,
    // Variables that bash itself keeps read-only cannot be set again.
    '[ ! -f "$state" ] || . "$state" 2> /dev/null',
    `trap 'ended=$?; { declare -p; declare -f; printf "cd -- %q\\n" "$PWD"; } > "$state"; exit $ended' EXIT`,
    ...commands.map(
      (command) =>
        `printf '[Container] Running command %s\\n' ${quoted(command.trim())}\n${command}\nended=$?; [ $ended = 0 ] || { printf '[Container] The command ended with %s\\n' $ended; exit $ended; }`,
    ),
  ].join("\n");
}

/** What a phase has exported under these names, as far as it is plain: the file that it leaves is untrusted, and is only read. */
export function exportedIn(state: string, names: string[]): { name: string; value: string }[] {
  if (names.length === 0 || !fs.lstatSync(state, { throwIfNoEntry: false })?.isFile()) return [];
  const lines = fs.readFileSync(state, "utf8").split("\n");
  return names.flatMap((name) => {
    const start = `declare -x ${name}="`;
    const line = lines.find((each) => each.startsWith(start) && each.endsWith('"'));
    const value = line?.slice(start.length, -1);
    return value !== undefined && /^[\w./:@ -]*$/.test(value) ? [{ name, value }] : [];
  });
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
