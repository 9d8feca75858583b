#!/bin/bash
# Takes down each stack pr-NUMBER whose pull request is closed or has lost its label, or that nobody brought up anew for LIFE_HOURS. Goes on
# after one that fails, and fails then itself.
set -uo pipefail
life=$((${LIFE_HOURS:-24} * 3600))
now=${NOW:-$(date +%s)}

if ! stacks=$(npx pulumi stack ls --json); then
  echo "The stacks cannot be listed." >&2
  exit 1
fi
failed=0
while read -r stack updated; do
  number=${stack#pr-}
  if ! pull=$(gh api "repos/$GITHUB_REPOSITORY/pulls/$number" --jq '"\(.state) \([.labels[].name] | any(. == "stack"))"'); then
    echo "$stack: GitHub does not say how pull request $number is; it stays for now." >&2
    failed=1
    continue
  fi
  if [[ $pull == "open true" ]] && ((now - updated < life)); then
    echo "$stack stays."
    continue
  fi
  echo "$stack goes: its pull request is ${pull% *}."
  npx pulumi destroy --stack "$stack" --yes --skip-preview --non-interactive --color never &&
    npx pulumi stack rm "$stack" --yes ||
    failed=1
done < <(jq --raw-output '.[] | select(.name | test("^pr-[0-9]+$")) |
  "\(.name) \((.lastUpdate // "1970-01-01T00:00:00Z") | sub("\\.[0-9]+"; "") | fromdate)"' <<<"$stacks")
exit "$failed"
