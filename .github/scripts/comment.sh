#!/bin/bash
# Puts REPORT under the pull request: into the comment that is there from an earlier run, or a new one.
set -euo pipefail
marker="<!-- groundwork: preview -->"
comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"

mine=$(gh api --paginate "$comments" --jq \
  ".[] | select(.user.login == \"github-actions[bot]\" and (.body | startswith(\"$marker\"))) | .id")
mine=${mine%%$'\n'*}
if [[ -n $mine ]]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$mine" -f "body=$marker"$'\n'"$REPORT"
else
  gh api --silent --method POST "$comments" -f "body=$marker"$'\n'"$REPORT"
fi
