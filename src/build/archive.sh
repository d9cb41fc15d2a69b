#!/usr/bin/env bash
# Makes an archive of the program's classes, with which its launcher starts faster: archive.sh JAR DEFINITION ARCHIVE
# The classes are those of a program that provisions the definition from its inbox, at the simulator. An archive is of use to the Java that
# has made it, and as long as the jar and its libraries stay where they are; else it is passed over.
set -euo pipefail
jar=$1 definition=$2 archive=$3
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

work=$(mktemp -d)
simulator= program=
trap 'kill $simulator $program 2> /dev/null || true; rm -rf "$work"' EXIT
"$java" -jar "$jar" simulator --port=0 > "$work/printed" &
simulator=$!
until grep -q AEP_SANDBOX "$work/printed"; do
  kill -0 "$simulator"
  sleep 0.1
done
# shellcheck disable=SC1090
source <(grep '^export AEP_' "$work/printed")

rm -f "$archive"
mkdir -p "$work/data/inbox"
cp "$definition" "$work/data/inbox/"
AEP_DATA_DIR=$work/data AEP_INBOX_SETTLE=0 "$java" -XX:ArchiveClassesAtExit="$archive" -Xlog:disable -XX:+UseSerialGC -jar "$jar" run \
  > "$work/log" &
program=$!
until ls "$work"/data/done/* &> /dev/null; do
  kill -0 "$program" || { cat "$work/log"; exit 1; }
  sleep 0.1
done
kill "$program"
wait "$program" || true   # 143, as it was ended by a signal
[[ -f $archive ]]
