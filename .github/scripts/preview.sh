#!/bin/bash
# Previews each of STACKS and leaves one report for all; fails when a preview does, after the others had their turn.
set -uo pipefail

# A comment holds 65,536 characters.
room=18000
report="## Preview"$'\n'
failed=0
read -ra stacks <<<"${STACKS-}"
[[ ${#stacks[@]} -gt 0 ]] || report+=$'\nNothing here changes a stack.\n'
for stack in "${stacks[@]}"; do
  if output=$(npx pulumi preview --stack "$stack" --diff --non-interactive --color never 2>&1); then
    state="can be deployed"
  else
    state="**fails**"
    failed=1
  fi
  echo "$output"
  # The end tells most: the summary, or the error.
  ((${#output} <= room)) || output="(cut; all of it is in the workflow's log)"$'\n'"${output: -room}"
  # Four backticks, because three may be in the output.
  report+=$'\n'"<details><summary><code>$stack</code> $state</summary>"$'\n\n````diff\n'"$output"$'\n````\n</details>\n'
done

end=$(head -c 16 /dev/urandom | base64)
{
  echo "report<<$end"
  echo "$report"
  echo "$end"
} >>"$GITHUB_OUTPUT"
exit "$failed"
