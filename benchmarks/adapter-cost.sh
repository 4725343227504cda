#!/usr/bin/env bash
# What does stickiness cost the proxies of the JVM's frameworks? Loads each in three modes: the framework's own proxy
# ("bare"), the adapter without stickiness ("none"), and the adapter with LB cookies ("lb-cookie"; Netty: by source
# address). The three run side by side, are warmed up, and are loaded in turns. Prints processor time per request
# without the JIT compiler's threads, and the ratios of turns that follow each other. The warm-up lasts until the compiler
# is idle in all three, because the sticky path has more code and is compiled later: after 8 s, Undertow's still took 64 µs
# a request, and 38 µs nine loads later.
#
#   benchmarks/adapter-cost.sh [-g GENERATIONS] [-r ROUNDS] [-s SECONDS] [-w WARM_UP_TURNS] [-c CLIENTS] [-o FILE] ADAPTER...
#
# A generation has new processes. A warm-up has at most that many turns of 10 s for each of them, and fails if the compiler
# still takes more than 2 % of the last. ADAPTER is netty, undertow, jetty, vertx or spring-cloud-gateway. Clients of Netty's
# proxy make a connection for each request. Needs wrk; build with:
#   mvn -DskipTests package dependency:build-classpath -Dmdep.outputFile=target/classpath
set -euo pipefail

generations=3 rounds=4 seconds=3 warm=30 clients=16
turn=10 busy_percent=2
here=$(cd "$(dirname "$0")" && pwd)
out=$here/target/adapter-cost.tsv
jar=$here/target/benchmarks.jar
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
script=adapter-cost
modes=(bare none lb-cookie)
# shellcheck source-path=SCRIPTDIR source=proxy-cost/common.sh
. "$here/proxy-cost/common.sh"

usage() {
  echo "$1 (expected: [-g GENERATIONS] [-r ROUNDS] [-s SECONDS] [-w TURNS] [-c CLIENTS] [-o FILE] ADAPTER...)" >&2
  exit 2
}

positive() {
  [[ $2 =~ ^[1-9][0-9]{0,4}$ ]] || usage "$1: $2"
  printf '%s' "$2"
}

while getopts :g:r:s:w:c:o: option; do
  case $option in
    g) generations=$(positive generations "$OPTARG") ;;
    r) rounds=$(positive rounds "$OPTARG") ;;
    s) seconds=$(positive seconds "$OPTARG") ;;
    w) warm=$(positive warm-up "$OPTARG") ;;
    c) clients=$(positive clients "$OPTARG") ;;
    o) out=$OPTARG ;;
    *) usage "option: -$OPTARG" ;;
  esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage "adapters: none"

command -v wrk >/dev/null || fail "wrk: not found (expected: the Debian package wrk)"
[ -f "$jar" ] || fail "$jar: not found (expected: mvn -DskipTests package)"

class_path() {
  local module=$here/../integrations/$1
  [ -f "$module/target/classpath" ] || fail "$module/target/classpath: not found (expected: see the head of this script)"
  echo "$module/target/test-classes:$module/target/classes:$(cat "$module/target/classpath")"
}

for adapter in "$@"; do
  [[ $adapter =~ ^(netty|undertow|jetty|vertx|spring-cloud-gateway)$ ]] || usage "adapter: $adapter"
  class_path "$adapter" >/dev/null
done

work=$(mktemp -d)
origin='' load=''
declare -A pids=() ports=()

# shellcheck disable=SC2317,SC2329 # by the trap
clean_up() {
  trap - EXIT INT TERM
  # shellcheck disable=SC2086 # unset ones are left out
  end $load "${pids[@]}" $origin
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# start ADAPTER MODE
start() {
  local package=${1//spring-cloud-gateway/spring.gateway} port i
  port=$(free_port)
  "$java" -XX:-UseDynamicNumberOfCompilerThreads -cp "$(class_path "$1")" "dev.limpet.$package.CostProxy" \
    "$2" "$port" "$port1" "$port2" "$port3" >"$work/log" 2>&1 &
  pids[$2]=$!
  ports[$2]=$port
  for ((i = 0; i < 300; i++)); do
    kill -0 "${pids[$2]}" 2>/dev/null || break
    if answers "$port"; then
      return
    fi
    sleep 0.1
  done
  cat "$work/log" >&2
  fail "$1 $2: no answer (expected: HTTP 200 within 30 s)"
}

# check ADAPTER MODE: after a load
check() {
  local requests failed moved
  read -r _ requests _ _ _ failed moved <"$work/result"
  [ "$failed" -eq 0 ] || fail "$1 $2: $failed of $requests requests failed (expected: 0)"
  [ "$requests" -gt 0 ] || fail "$1 $2: no request was answered"
  if [ "$2" = lb-cookie ]; then
    [ "$moved" -eq 0 ] || fail "$1: clients changed their backend $moved times (expected: never)"
  else
    [ "$moved" -gt 0 ] || fail "$1 $2: no client changed its backend (expected: without stickiness they do)"
  fi
}

# measure ADAPTER MODE GENERATION ROUND: adds a line to the file
measure() {
  local before after requests time
  before=$(jvm_micros "${pids[$2]}")
  run_clients "${ports[$2]}" "$seconds"
  after=$(jvm_micros "${pids[$2]}")
  check "$1" "$2"
  read -r _ requests time _ <"$work/result"
  printf '%s\t%s\t%d\t%d\t%d\t%d\t%s\n' "$1" "$2" "$3" "$4" $((after - before)) "$requests" "$time" >>"$work/lines"
}

# is_warm MODE: loads a proxy for a turn; whether its compiler was idle
is_warm() {
  local before after
  before=$(compiler_micros "${pids[$1]}")
  run_clients "${ports[$1]}" "$turn"
  after=$(compiler_micros "${pids[$1]}")
  [ $((after - before)) -le $((turn * busy_percent * 10000)) ]
}

# warm_up ADAPTER
warm_up() {
  local mode i busy
  for ((i = 1; i <= warm; i++)); do
    busy=''
    for mode in "${modes[@]}"; do
      is_warm "$mode" || busy+=" $mode"
    done
    [ -n "$busy" ] || return 0
    echo "$1: warm-up, turn $i: compiles$busy" >&2
  done
  fail "$1: the compiler is busy after $warm turns:$busy (expected: idle; -w sets the number of turns)"
}

# generation ADAPTER NUMBER
generation() {
  local mode round i
  for mode in "${modes[@]}"; do
    start "$1" "$mode"
  done
  warm_up "$1"
  for ((round = 1; round <= rounds; round++)); do
    echo "$1: generation $2 of $generations, round $round of $rounds" >&2
    for i in 0 1 2; do
      measure "$1" "${modes[(i + round) % 3]}" "$2" "$round"
    done
  done
  end "${pids[@]}"
  pids=()
}

start_origin
: >"$work/lines"
for adapter in "$@"; do
  [ "$adapter" = netty ] && connections=per-request || connections=kept
  for ((number = 1; number <= generations; number++)); do
    generation "$adapter" "$number"
  done
done
mkdir -p "$(dirname "$out")"
cp "$work/lines" "$out"
"$java" -cp "$jar" dev.limpet.benchmarks.report.AdapterCost "$out"
