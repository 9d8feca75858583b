#!/bin/bash
# Previews STACK and leaves a report; fails when the preview does. SHARED_BY so many stacks is one comment.
set -uo pipefail

stack=${STACK:?names the stack to preview}
# GitHub takes a comment of 65,536 characters, which are never more than its bytes; the rest is for what stands around.
room=$((60000 / ${SHARED_BY:-1}))
work=$(mktemp -d)
# The CLI takes --event-log from nobody else.
export PULUMI_DEBUG_COMMANDS=true

# The end of a text, in so many bytes: the summary, or the error, tells most.
ending() {
  local room=$2
  if (($(wc -c <<<"$1") <= room)); then
    printf '%s' "$1"
  else
    echo "(cut; all of it is in the workflow's log)"
    # A character may have been cut in two: what is left of it goes, too.
    tail -c "$room" <<<"$1" | iconv -c -f UTF-8 -t UTF-8
  fi
}

failed=0
state="can be deployed"
if ! output=$(npx pulumi preview --stack "$stack" --policy-pack policies --event-log "$work/events" \
  --diff --non-interactive --color never 2>&1); then
  state="**fails**"
  failed=1
fi
echo "$output"
# What it means comes first: price, data, the internet, rights. A preview that broke off early leaves no events.
meaning=""
if [[ -s $work/events ]]; then
  node scripts/with-install.cjs scripts/preview/run.ts "$work/events" --stack "$stack" --markdown "$work/meaning" || failed=1
  meaning=$(cat "$work/meaning")
fi
rm -r "$work"
left=$((room - $(printf '%s' "$meaning" | wc -c)))
# Four backticks, because three may be in the output.
report="$meaning"$'\n\n'"<details><summary><code>$stack</code> $state</summary>"$'\n\n````diff\n'"$(ending "$output" "$left")"$'\n````\n</details>\n'

end=$(head -c 16 /dev/urandom | base64)
{
  echo "report<<$end"
  echo "$report"
  echo "$end"
} >>"$GITHUB_OUTPUT"
exit "$failed"
