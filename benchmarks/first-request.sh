#!/usr/bin/env bash
# How long does a new process take to the first request? Prints medians of many processes, in milliseconds. For a
# program that embeds the library: from the start of main to the first bound client, and the whole process, plain and
# with an archive of the loaded classes (AppCDS). For the gateway: from the start of the process to its first response.
#
#   benchmarks/first-request.sh [-n PROCESSES] [-g GATEWAYS]
#
# To use such an archive in your own program, run it once with -XX:ArchiveClassesAtExit=FILE, and then with
# -XX:SharedArchiveFile=FILE. Build with: mvn -DskipTests package
set -euo pipefail

processes=20 gateways=10
here=$(cd "$(dirname "$0")" && pwd)
jar=$here/target/benchmarks.jar
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
gateway=$here/../examples/gateway/target/limpet-gateway.jar
script=first-request
# shellcheck source-path=SCRIPTDIR source=proxy-cost/common.sh
. "$here/proxy-cost/common.sh"
# shellcheck source-path=SCRIPTDIR source=proxy-cost/configs.sh
. "$here/proxy-cost/configs.sh"

usage() {
  echo "$1 (expected: [-n PROCESSES] [-g GATEWAYS])" >&2
  exit 2
}

while getopts :n:g: option; do
  case $option in
    n) processes=$(positive processes "$OPTARG") ;;
    g) gateways=$(positive gateways "$OPTARG") ;;
    *) usage "option: -$OPTARG" ;;
  esac
done
shift $((OPTIND - 1))
[ $# -eq 0 ] || usage "arguments: $*"

need_built "$jar" "$gateway"

work=$(mktemp -d)
origin='' started=''

# shellcheck disable=SC2317,SC2329 # by the trap
clean_up() {
  trap - EXIT INT TERM
  # shellcheck disable=SC2086 # unset ones are left out
  end $started $origin
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

micros() {
  echo "${EPOCHREALTIME/[.,]/}"
}

# Prints the median of microseconds, one a line, in milliseconds.
median() {
  sort -n | awk '{ value[NR] = $1 } END { printf "%.1f\n", (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2000 }'
}

# embedded KIND OPTION...: prints a row
embedded() {
  local i begin nanos archived=plain
  [ $# -eq 1 ] || archived=AppCDS
  : >"$work/main"
  : >"$work/process"
  for ((i = 0; i < processes; i++)); do
    begin=$(micros)
    nanos=$("$java" "${@:2}" -cp "$jar" dev.limpet.benchmarks.FirstRequest "$1")
    echo $(($(micros) - begin)) >>"$work/process"
    echo $((nanos / 1000)) >>"$work/main"
  done
  echo "| embedded, $1, $archived | $(median <"$work/main") | $(median <"$work/process") |"
}

# start_gateway KIND: adds the time of one process to $work/gateway
start_gateway() {
  local port begin
  port=$(free_port)
  gateway_config "$1" "$port" >"$work/gateway.yaml"
  begin=$(micros)
  "$java" -jar "$gateway" "$work/gateway.yaml" >"$work/log" 2>&1 &
  started=$!
  until answers "$port"; do
    kill -0 "$started" 2>/dev/null || { cat "$work/log" >&2 && fail "gateway: ended (expected: HTTP 200)"; }
    sleep 0.01
  done
  echo $(($(micros) - begin)) >>"$work/gateway"
  end "$started"
  started=''
}

echo '| program | from main, ms | whole process, or until the first response, ms |'
echo '|---|--:|--:|'
for kind in source-ip lb-cookie; do
  embedded "$kind"
  "$java" -XX:ArchiveClassesAtExit="$work/$kind.jsa" -cp "$jar" dev.limpet.benchmarks.FirstRequest "$kind" \
    >"$work/log" 2>&1 || { cat "$work/log" >&2 && fail "archive: none"; }
  embedded "$kind" -XX:SharedArchiveFile="$work/$kind.jsa"
done
start_origin
for kind in plain lb-cookie; do
  : >"$work/gateway"
  for ((i = 0; i < gateways; i++)); do
    start_gateway "$kind"
  done
  echo "| gateway, $kind | – | $(median <"$work/gateway") |"
done
