#!/bin/bash
# The first process in new namespaces of mounts and processes: hides what is the person's, shows again what a build needs of it, gives the
# build a /tmp of its own, and becomes its user.
#   enclose.sh STAGE UID|- HIDDEN... -- SHOWN... -- COMMAND...
set -eu
stage=$1 user=$2 start=$PWD
shift 2
hidden=() shown=()
while [ "$1" != -- ]; do hidden+=("$1"); shift; done
shift
while [ "$1" != -- ]; do shown+=("$1"); shift; done
shift

# What is shown again is held here meanwhile: by a path relative to this folder, which the hiding below leaves as it is.
mount -t tmpfs tmpfs "$stage"
cd "$stage"
for i in "${!shown[@]}"; do
  if [ -d "${shown[i]}" ]; then mkdir "$i"; else : > "$i"; fi
  mount --bind "${shown[i]}" "$i"
done
mount -t tmpfs -o mode=1777,size=1g tmpfs /tmp
for each in "${hidden[@]}"; do
  if [ -d "$each" ]; then mount -t tmpfs -o mode=0755 tmpfs "$each"; elif [ -e "$each" ]; then mount --bind /dev/null "$each"; fi
done
for i in "${!shown[@]}"; do
  if [ -d "./$i" ]; then
    mkdir -p "${shown[i]}"
  else
    mkdir -p "$(dirname "${shown[i]}")"
    [ -e "${shown[i]}" ] || : > "${shown[i]}"
  fi
  mount --no-canonicalize --bind "./$i" "${shown[i]}"
done
cd "$start"

drop=(--no-new-privs --inh-caps=-all --ambient-caps=-all)
[ "$user" = - ] || drop+=("--reuid=$user" "--regid=$user" --clear-groups)
exec setpriv "${drop[@]}" -- "$@"
