#!/bin/bash
# release-notes.sh TAG: prints what CHANGELOG.md says of the tag's version. Refuses a tag that is not the version of package.json, that the
# changelog does not name, or that is not in main, whose tests have passed.
set -euo pipefail
tag=$1

version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
if [[ $tag != "v$version" ]]; then
  echo "The tag must be v$version, as package.json says, got $tag." >&2
  exit 1
fi
if ! git merge-base --is-ancestor HEAD "${MAIN:-origin/main}"; then
  echo "The tag must be of a commit in main, got one that main does not hold." >&2
  exit 1
fi
notes=$(awk -v heading="## [$version] - " '/^## / { told = index($0, heading) == 1; next } told' CHANGELOG.md)
if [[ -z ${notes//[[:space:]]/} ]]; then
  echo "CHANGELOG.md must say what $version brings: it has no text under \"## [$version] - DATE\"." >&2
  exit 1
fi
echo "$notes"
