#!/bin/bash
# Previews each of STACKS and leaves one report for all; fails when a preview does, after the others had their turn.
set -uo pipefail

read -ra stacks <<<"${STACKS:?names the stacks to preview}"
# GitHub takes a comment of 65,536 characters, which are never more than its bytes; the rest is for what stands around.
room=$((60000 / ${#stacks[@]}))

# The end tells most: the summary, or the error.
ending() {
  if (($(wc -c <<<"$1") <= room)); then
    printf '%s' "$1"
  else
    echo "(cut; all of it is in the workflow's log)"
    # A character may have been cut in two: what is left of it goes, too.
    tail -c "$room" <<<"$1" | iconv -c -f UTF-8 -t UTF-8
  fi
}

report="## Preview"$'\n'
failed=0
for stack in "${stacks[@]}"; do
  if output=$(npx pulumi preview --stack "$stack" --diff --non-interactive --color never 2>&1); then
    state="can be deployed"
  else
    state="**fails**"
    failed=1
  fi
  echo "$output"
  # Four backticks, because three may be in the output.
  report+=$'\n'"<details><summary><code>$stack</code> $state</summary>"$'\n\n````diff\n'"$(ending "$output")"$'\n````\n</details>\n'
done

end=$(head -c 16 /dev/urandom | base64)
{
  echo "report<<$end"
  echo "$report"
  echo "$end"
} >>"$GITHUB_OUTPUT"
exit "$failed"
