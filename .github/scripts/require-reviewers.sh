#!/bin/bash
# require-reviewers.sh ENVIRONMENT: fails unless somebody must let a job into it. GitHub makes an environment that nobody has set up,
# and that one lets everything in.
set -euo pipefail
environment=$1

rules=$(gh api "repos/$GITHUB_REPOSITORY/environments/$environment" --jq '.protection_rules[].type') || rules=""
if ! grep --quiet --line-regexp required_reviewers <<<"$rules"; then
  echo "The environment $environment has no required reviewers: docs/delivery.md, Pull requests, says how it is set up."
  exit 1
fi
