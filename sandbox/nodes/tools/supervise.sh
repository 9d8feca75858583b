#!/bin/bash
# What systemd does on the real machine: guard and agent are started again when they end, and the agent goes first.
node=$1 agent=$2 config=$3 log=$4

keep() {
  trap 'kill -TERM $child; wait $child; exit' TERM
  while :; do
    "$node" "$agent" "$1" "$config" >>"$log-$1.log" 2>&1 &
    child=$!
    wait $child
    sleep 0.1
  done
}
keep guard & guard=$!
keep agent & agent=$!
trap 'kill -TERM $agent; wait $agent; kill -TERM $guard; wait $guard; exit' TERM
wait
