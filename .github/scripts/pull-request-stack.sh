#!/bin/bash
# Brings up the stack of PULL_REQUEST, pr-NUMBER, by the settings of Pulumi.first.yaml in ACCOUNT_ID alone, and leaves a report with its URL.
# Refuses what would cost more than BUDGET_USD a month.
set -euo pipefail

stack="pr-${PULL_REQUEST:?is the number of the pull request}"
if ! [[ ${ACCOUNT_ID-} =~ ^[0-9]{12}$ ]]; then
  echo "PULL_REQUEST_ACCOUNT_ID must be the twelve digits of the account for such stacks, got ${ACCOUNT_ID:-nothing}." >&2
  exit 1
fi

report() {
  local end
  end=$(head -c 16 /dev/urandom | base64)
  {
    echo "report<<$end"
    echo "$1"
    echo "$end"
  } >>"$GITHUB_OUTPUT"
}
fails() {
  report "## Stack $stack"$'\n\n'"**It is not up**: $1 The workflow's log has the rest."
  exit 1
}

# Whatever file of that name came with the branch, this one counts.
{
  echo "config:"
  echo "  aws:allowedAccountIds: [\"$ACCOUNT_ID\"]"
  sed -n '/^config:$/,$p' Pulumi.first.yaml | tail -n +2
} >"Pulumi.$stack.yaml"

price=$(node scripts/with-install.cjs scripts/preview/price.ts --stack "$stack" --budget "${BUDGET_USD:-50}" 2>&1) ||
  fails "$(tail -n 1 <<<"$price")"
echo "$price"

secrets=()
[[ -z ${SECRETS_PROVIDER-} ]] || secrets=(--secrets-provider "$SECRETS_PROVIDER")
npx pulumi stack select --create "$stack" "${secrets[@]}"
npx pulumi up --stack "$stack" --policy-pack policies --yes --skip-preview --non-interactive --color never ||
  fails "\`pulumi up\` ended with an error."
url=$(npx pulumi stack output url --stack "$stack")
report "## Stack $stack"$'\n\n'"<$url>"$'\n\n'"$(head -n 1 <<<"$price")."$'\n'"It goes when the pull request is closed or loses its label, or ${LIFE_HOURS:-24} hours after its last \`up\`."
