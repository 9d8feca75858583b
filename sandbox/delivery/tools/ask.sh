#!/bin/bash
# What a release's hooks call by the names of systemctl and docker: the sandbox is asked to do it, and answers how it went.
answer=$(curl --silent --show-error --max-time 120 --write-out '\n%{http_code}' --data-urlencode "command=${0##*/} $*" "$SANDBOX_SERVER")
[[ -z ${answer%$'\n'*} ]] || echo "${answer%$'\n'*}" >&2
[[ ${answer##*$'\n'} == 200 ]]
