/**
 * A phase's commands as one bash script: they end with the first that fails. Variables, functions and the folder that a phase leaves are
 * the next one's, as on CodeBuild, where all commands of a build share a shell; here each phase has a shell of its own, so that a plain
 * `exit` ends no more than the phase.
 */
export function phaseScript(commands: string[], state: string): string {
  return [
    `state=${quoted(state)}`,
    // What bash itself keeps read-only cannot be set once more.
    '[ ! -f "$state" ] || . "$state" 2> /dev/null',
    `trap 'ended=$?; { declare -p; declare -f; printf "cd -- %q\\n" "$PWD"; } > "$state"; exit $ended' EXIT`,
    ...commands.map(
      (command) =>
        `printf '[Container] Running command %s\\n' ${quoted(command.trim())}\n${command}\nended=$?; [ $ended = 0 ] || { printf '[Container] The command ended with %s\\n' $ended; exit $ended; }`,
    ),
  ].join("\n");
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
