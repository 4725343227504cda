#!/usr/bin/env bash
# What does a request cost in a proxy, and what does stickiness add? Starts each proxy in each mode, side by side, warms
# them up, loads them in turns, and prints processor time per request without the JIT compiler's threads, and ratios of
# loads of the same turn. Clients keep their cookies and their connections. It is checked that each client stays on one
# backend with stickiness, and does not without.
#
#   benchmarks/proxy-cost.sh [-g GENERATIONS] [-r ROUNDS] [-s SECONDS] [-w WARM_UP_TURNS] [-c CLIENTS] [-o FILE] [PROXY:MODE...]
#
# A generation has new processes. A warm-up loads those whose compiler is busy for 10 s each, at most that many times, and
# fails if the compiler of one still takes more than 2 % of its load.
#
#   gateway                                            plain lb-cookie app-cookie source-ip
#   relay (on Netty alone)                             plain lb-cookie
#   vertx undertow jetty spring-cloud-gateway          bare (the framework's own proxy) plain (the adapter) lb-cookie
#   netty (a connection for each request, layer 4)     bare plain source-ip
#   haproxy                                            plain lb-cookie source-ip
#   nginx                                              plain hash-cookie source-ip
#
# PROXY alone means all its modes, and no argument all proxies but netty, each plain and with a cookie; then HAProxy and
# nginx are left out where they are not installed. All clients have one address, so that source-ip binds one session.
# Needs wrk; build with:
#   mvn -DskipTests package dependency:build-classpath -Dmdep.outputFile=target/classpath
set -euo pipefail

generations=3 rounds=4 seconds=3 warm=30 clients=32
turn=10 busy_percent=2
here=$(cd "$(dirname "$0")" && pwd)
out=$here/target/proxy-cost.tsv
jar=$here/target/benchmarks.jar
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
PATH=$PATH:/usr/sbin:/usr/local/sbin
script=proxy-cost
# shellcheck source-path=SCRIPTDIR source=proxy-cost/common.sh
. "$here/proxy-cost/common.sh"
# shellcheck source-path=SCRIPTDIR source=proxy-cost/configs.sh
. "$here/proxy-cost/configs.sh"

usage() {
  echo "$1 (expected: [-g GENERATIONS] [-r ROUNDS] [-s SECONDS] [-w TURNS] [-c CLIENTS] [-o FILE] [PROXY:MODE...])" >&2
  exit 2
}

modes() {
  case $1 in
    gateway) echo plain lb-cookie app-cookie source-ip ;;
    relay) echo plain lb-cookie ;;
    vertx | undertow | jetty | spring-cloud-gateway) echo bare plain lb-cookie ;;
    netty) echo bare plain source-ip ;;
    haproxy) echo plain lb-cookie source-ip ;;
    nginx) echo plain hash-cookie source-ip ;;
    *) usage "proxy: $1" ;;
  esac
}

# spelled PROXY[:MODE]: prints each of its contenders
spelled() {
  local proxy=${1%%:*} known mode
  known=$(modes "$proxy")
  if [ "$proxy" = "$1" ]; then
    for mode in $known; do
      echo "$proxy:$mode"
    done
  elif [[ " $known " == *" ${1#*:} "* ]]; then
    echo "$1"
  else
    usage "mode: ${1#*:} of $proxy"
  fi
}

class_path() {
  local module=$here/../integrations/$1
  [ -f "$module/target/classpath" ] || fail "$module/target/classpath: not found (expected: see the head of this script)"
  echo "$module/target/test-classes:$module/target/classes:$(cat "$module/target/classpath")"
}

needs() {
  case $1 in
    relay) ;;
    gateway) need_built "$gateway" ;;
    haproxy | nginx) command -v "$1" >/dev/null || fail "$1: not found (expected: the Debian package $1)" ;;
    *) class_path "$1" >/dev/null ;;
  esac
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
if [ $# -eq 0 ]; then
  set -- gateway:plain gateway:lb-cookie relay vertx:bare vertx:lb-cookie undertow:bare undertow:lb-cookie \
    jetty:bare jetty:lb-cookie spring-cloud-gateway:bare spring-cloud-gateway:lb-cookie
  for installed in haproxy:lb-cookie nginx:hash-cookie; do
    if command -v "${installed%%:*}" >/dev/null; then
      set -- "$@" "${installed%%:*}:plain" "$installed"
    else
      echo "${installed%%:*}: skipped, not found (expected: the Debian package ${installed%%:*})" >&2
    fi
  done
fi

gateway=$here/../examples/gateway/target/limpet-gateway.jar
command -v wrk >/dev/null || fail "wrk: not found (expected: the Debian package wrk)"
need_built "$jar"
contenders=()
for wanted in "$@"; do
  found=$(spelled "$wanted")
  needs "${wanted%%:*}"
  mapfile -t -O "${#contenders[@]}" contenders <<<"$found"
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

# run CONTENDER PORT: becomes the proxy
run() {
  local proxy=${1%%:*} mode=${1#*:} config=$work/$1.yaml
  local main=("$java" "${heap[@]}" -XX:-UseDynamicNumberOfCompilerThreads)
  case $proxy in
    gateway)
      gateway_config "$mode" "$2" >"$config"
      exec "${main[@]}" -jar "$gateway" "$config"
      ;;
    haproxy)
      haproxy_config "$mode" "$2" >"$config"
      exec haproxy -db -f "$config"
      ;;
    nginx)
      nginx_config "$mode" "$2" >"$config"
      exec nginx -p "$work" -c "$config"
      ;;
    relay) exec "${main[@]}" -cp "$jar" dev.limpet.benchmarks.relay.Relay "$mode" "$2" "$port1" "$port2" "$port3" ;;
    *)
      exec "${main[@]}" -cp "$(class_path "$proxy")" "dev.limpet.${proxy//spring-cloud-gateway/spring.gateway}.CostProxy" \
        "$mode" "$2" "$port1" "$port2" "$port3"
      ;;
  esac
}

# start CONTENDER
start() {
  ports[$1]=$(free_port)
  run "$1" "${ports[$1]}" >"$work/log" 2>&1 &
  pids[$1]=$!
  await_answer "$1" "${pids[$1]}" "${ports[$1]}" "$work/log"
}

# load_for CONTENDER SECONDS
load_for() {
  [ "${1%%:*}" = netty ] && connections=per-request || connections=kept
  run_clients "${ports[$1]}" "$2"
}

# check CONTENDER: after a load
check() {
  local requests failed moved
  read -r _ requests _ _ _ failed moved <"$work/result"
  [ "$failed" -eq 0 ] || fail "$1: $failed of $requests requests failed (expected: 0)"
  [ "$requests" -gt 0 ] || fail "$1: no request was answered"
  case ${1#*:} in
    bare | plain) [ "$moved" -gt 0 ] || fail "$1: no client changed its backend (expected: without stickiness they do)" ;;
    *) [ "$moved" -eq 0 ] || fail "$1: clients changed their backend $moved times (expected: never)" ;;
  esac
}

# measure CONTENDER GENERATION ROUND: adds a line to the file
measure() {
  local before after requests time
  before=$(used_micros "${pids[$1]}" others)
  load_for "$1" "$seconds"
  after=$(used_micros "${pids[$1]}" others)
  check "$1"
  read -r _ requests time _ <"$work/result"
  printf '%s\t%s\t%d\t%d\t%d\t%d\t%s\n' "${1%%:*}" "${1#*:}" "$2" "$3" $((after - before)) "$requests" "$time" >>"$work/lines"
}

# is_warm CONTENDER: loads a proxy for a turn; whether its compiler was idle
is_warm() {
  local before after
  before=$(used_micros "${pids[$1]}" compiler)
  load_for "$1" "$turn"
  after=$(used_micros "${pids[$1]}" compiler)
  [ $((after - before)) -le $((turn * busy_percent * 10000)) ]
}

warm_up() {
  local contender i busy=("${contenders[@]}") still
  for ((i = 1; i <= warm; i++)); do
    still=()
    for contender in "${busy[@]}"; do
      is_warm "$contender" || still+=("$contender")
    done
    [ ${#still[@]} -gt 0 ] || return 0
    busy=("${still[@]}")
    echo "warm-up, turn $i: compiles ${busy[*]}" >&2
  done
  fail "the compiler is busy after $warm turns: ${busy[*]} (expected: idle; -w sets the number of turns)"
}

# generation NUMBER
generation() {
  local contender round i
  for contender in "${contenders[@]}"; do
    start "$contender"
  done
  warm_up
  for ((round = 1; round <= rounds; round++)); do
    echo "generation $1 of $generations, round $round of $rounds" >&2
    for ((i = 0; i < ${#contenders[@]}; i++)); do
      measure "${contenders[(i + round - 1) % ${#contenders[@]}]}" "$1" "$round"
    done
  done
  end "${pids[@]}"
  pids=()
}

start_origin
: >"$work/lines"
for ((number = 1; number <= generations; number++)); do
  generation "$number"
done
mkdir -p "$(dirname "$out")"
cp "$work/lines" "$out"
"$java" -cp "$jar" dev.limpet.benchmarks.report.ProxyCost "$out"
