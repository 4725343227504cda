#!/usr/bin/env bash
# What is the latency of whole proxies at a constant rate, with and without stickiness? Starts the gateway, and HAProxy
# and nginx if they are installed, side by side, and loads them in turns. Latencies count from when a request was due.
# Prints one table in microseconds. A rate that was not reached has no latencies, and the script fails.
#
#   benchmarks/latency.sh [-q RATE] [-r ROUNDS] [-s SECONDS] [-w WARM_UP_SECONDS] [-c CLIENTS]
#
# The gateways are first loaded for 20 s each, for their JIT compiler; each turn has a warm-up of its own. Build with:
#   mvn -DskipTests package
set -euo pipefail

rate=5000 rounds=5 seconds=10 warm=2 clients=32
compiling=20
here=$(cd "$(dirname "$0")" && pwd)
jar=$here/target/benchmarks.jar
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
gateway=$here/../examples/gateway/target/limpet-gateway.jar
PATH=$PATH:/usr/sbin:/usr/local/sbin
script=latency
# shellcheck source-path=SCRIPTDIR source=proxy-cost/common.sh
. "$here/proxy-cost/common.sh"
# shellcheck source-path=SCRIPTDIR source=proxy-cost/configs.sh
. "$here/proxy-cost/configs.sh"

usage() {
  echo "$1 (expected: [-q RATE] [-r ROUNDS] [-s SECONDS] [-w SECONDS] [-c CLIENTS])" >&2
  exit 2
}

while getopts :q:r:s:w:c: option; do
  case $option in
    q) rate=$(positive rate "$OPTARG") ;;
    r) rounds=$(positive rounds "$OPTARG") ;;
    s) seconds=$(positive seconds "$OPTARG") ;;
    w) warm=$(positive warm-up "$OPTARG") ;;
    c) clients=$(positive clients "$OPTARG") ;;
    *) usage "option: -$OPTARG" ;;
  esac
done
shift $((OPTIND - 1))
[ $# -eq 0 ] || usage "arguments: $*"

need_built "$jar" "$gateway"

work=$(mktemp -d)
origin='' pids=() urls=() names=()

# shellcheck disable=SC2317,SC2329 # by the trap
clean_up() {
  trap - EXIT INT TERM
  # shellcheck disable=SC2086 # an unset one is left out
  end "${pids[@]}" $origin
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# start PROXY MODE
start() {
  local port
  port=$(free_port)
  "$1_config" "$2" "$port" >"$work/$port.yaml"
  case $1 in
    gateway) "$java" "${heap[@]}" -jar "$gateway" "$work/$port.yaml" >"$work/log" 2>&1 & ;;
    haproxy) haproxy -db -f "$work/$port.yaml" >"$work/log" 2>&1 & ;;
    nginx) nginx -p "$work" -c "$work/$port.yaml" >"$work/log" 2>&1 & ;;
  esac
  pids+=($!)
  await_answer "$1 $2" "${pids[-1]}" "$port" "$work/log"
  urls+=("http://127.0.0.1:$port/")
  names+=("$1, $2")
}

start_if_installed() {
  if command -v "$1" >/dev/null; then
    start "$1" plain
    start "$1" "$2"
  else
    echo "$1: skipped, not found (expected: the Debian package $1)" >&2
  fi
}

# run_latency OPTION...: loads, with the names of the proxies instead of their URLs
run_latency() {
  local i by_name=()
  for i in "${!urls[@]}"; do
    by_name+=(-e "s|${urls[i]}|${names[i]}|")
  done
  "$java" -cp "$jar" dev.limpet.benchmarks.load.Latency --rate "$rate" --connections "$clients" "$@" \
    2> >(sed "${by_name[@]}" >&2) | sed "${by_name[@]}"
}

start_origin
start gateway plain
start gateway lb-cookie
run_latency --warm-up "$compiling" --duration 1 "${urls[@]}" >/dev/null 2>&1 || true
start_if_installed haproxy lb-cookie
start_if_installed nginx hash-cookie
run_latency --warm-up "$warm" --duration "$seconds" --rounds "$rounds" "${urls[@]}"
