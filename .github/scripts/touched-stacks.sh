#!/bin/bash
# Reads changed files, one a line, and names the stacks that they may change, in one line.
set -euo pipefail

# Those that run in an account; sandbox runs on one's own machine.
all=()
for file in Pulumi.*.yaml; do
  stack=${file#Pulumi.}
  stack=${stack%.yaml}
  [[ $stack == sandbox ]] || all+=("$stack")
done

touched=()
while IFS= read -r file; do
  case $file in
    *.md | docs/* | test/* | bench/* | sandbox/* | .github/* | .ci/* | Pulumi.sandbox.yaml) ;;
    Pulumi.*.yaml)
      stack=${file#Pulumi.}
      touched+=("${stack%.yaml}")
      ;;
    *) touched=("${all[@]}") && break ;;
  esac
done
# A stack whose file was deleted has nothing to preview.
for stack in "${all[@]}"; do
  for one in "${touched[@]-}"; do [[ $one != "$stack" ]] || { echo "$stack" && break; }; done
done | paste -sd' ' -
