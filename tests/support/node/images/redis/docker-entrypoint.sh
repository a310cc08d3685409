#!/bin/sh
# As the official image: arguments may be redis-server's alone, and everybody in the network may
# connect, which Debian's build refuses without a password.
# https://github.com/redis/docker-library-redis
set -e
case $1 in -* | *.conf) set -- redis-server "$@" ;; esac
[ "$1" != redis-server ] || set -- "$@" --protected-mode no
exec "$@"
