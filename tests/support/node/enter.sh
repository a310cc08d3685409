#!/bin/sh
# The first process of a node's namespaces: makes the node's own root, and becomes its supervisor.
#
# Runs as root in new mount, network, process, name and IPC namespaces.  $1 is the root to be, $2 the
# node's state, which keeps its path, $3 the folder of the supervisor, $4... programs, whose folders
# are mounted below /opt.  What is mounted here ends with the namespaces.
set -eu
root=$1 state=$2 supervisor=$3
shift 3

mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mkdir -p "$root$state" "$root/opt/supervisor"
mount --bind "$state" "$root$state"
mount --bind "$supervisor" "$root/opt/supervisor"
for program in "$@"; do
    mkdir -p "$root/opt/$(basename "$program")"
    mount --bind "$(dirname "$program")" "$root/opt/$(basename "$program")"
done
# The kubelet sets these for the whole machine; here it sets files of its own.
for name in vm/overcommit_memory kernel/panic kernel/panic_on_oops; do
    cat "/proc/sys/$name" >"$root/run/$(basename "$name")"
    mount --bind "$root/run/$(basename "$name")" "$root/proc/sys/$name"
done

cd "$root"
mkdir -p old
pivot_root . old
cd /
umount -l /old
mount --make-rshared /
: >/etc/resolv.conf
exec python3 -B -u /opt/supervisor/supervisor.py "$state"
