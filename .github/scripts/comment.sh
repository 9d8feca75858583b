#!/bin/bash
# Puts REPORT under the pull request: into the comment of the same ABOUT (`preview`) that is there from an earlier run, or a new one.
set -euo pipefail
marker="<!-- groundwork: ${ABOUT:-preview} -->"
comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"
body="$marker"$'\n'"$REPORT"

# GitHub takes 65,536 characters and refuses a longer comment whole. The report comes from a job that ran other people's code.
if (($(printf '%s' "$body" | wc -c) > 65536)); then
  body=$(head -c 65000 <<<"$body" | iconv -c -f UTF-8 -t UTF-8 || true)$'\n````\n\n(cut: a comment holds no more)'
fi

mine=$(gh api --paginate "$comments" --jq \
  ".[] | select(.user.login == \"github-actions[bot]\" and (.body | startswith(\"$marker\"))) | .id")
mine=${mine%%$'\n'*}
if [[ -n $mine ]]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$mine" -f "body=$body"
else
  gh api --silent --method POST "$comments" -f "body=$body"
fi
