#!/usr/bin/env bash
# What does stickiness cost a whole proxy? Loads each proxy with and without it in alternating rounds, a new process
# each time, and prints processor time per request, requests per second, latencies and ratios. Clients keep their
# cookies, and it is checked that each stays on one backend with stickiness, and does not without.
#
#   benchmarks/proxy-cost.sh [-r ROUNDS] [-s SECONDS] [-w WARM_UP_SECONDS] [-c CLIENTS] [-p PROXIES] [-o FILE]
#
# PROXIES is a list of gateway, haproxy and nginx, such as gateway,nginx. The warm-up is for the gateway's JIT; the others
# are loaded for a second before. All clients have one address, so affinity by source address binds one session. Needs
# wrk; build with: mvn -DskipTests package
set -euo pipefail

rounds=10 seconds=5 warm=20 clients=32 proxies=gateway,haproxy,nginx
here=$(cd "$(dirname "$0")" && pwd)
out=$here/target/proxy-cost.json
jar=$here/target/benchmarks.jar
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
gateway=$here/../examples/gateway/target/limpet-gateway.jar
PATH=$PATH:/usr/sbin:/usr/local/sbin
script=proxy-cost
# shellcheck source-path=SCRIPTDIR source=proxy-cost/common.sh
. "$here/proxy-cost/common.sh"

usage() {
  echo "$1 (expected: [-r ROUNDS] [-s SECONDS] [-w SECONDS] [-c CLIENTS] [-p PROXIES] [-o FILE])" >&2
  exit 2
}

positive() {
  [[ $2 =~ ^[1-9][0-9]{0,4}$ ]] || usage "$1: $2"
  printf '%s' "$2"
}

while getopts :r:s:w:c:p:o: option; do
  case $option in
    r) rounds=$(positive rounds "$OPTARG") ;;
    s) seconds=$(positive seconds "$OPTARG") ;;
    w) warm=$(positive warm-up "$OPTARG") ;;
    c) clients=$(positive clients "$OPTARG") ;;
    p) proxies=$OPTARG ;;
    o) out=$OPTARG ;;
    *) usage "option: -$OPTARG" ;;
  esac
done
shift $((OPTIND - 1))
[ $# -eq 0 ] || usage "arguments: $*"
[[ $proxies =~ ^(gateway|haproxy|nginx)(,(gateway|haproxy|nginx))*$ ]] || usage "proxies: $proxies"

command -v wrk >/dev/null || fail "wrk: not found (expected: the Debian package wrk)"
[ -f "$jar" ] || fail "$jar: not found (expected: mvn -DskipTests package)"

work=$(mktemp -d)
origin='' proxy='' load=''

# shellcheck disable=SC2317,SC2329 # by the trap
clean_up() {
  trap - EXIT INT TERM
  # shellcheck disable=SC2086 # unset ones are left out
  end $load $proxy $origin
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

gateway_config() {
  local sticky=''
  case $1 in
    lb-cookie | source-ip) sticky="stickySession: {type: $1, duration: 20m}" ;;
    app-cookie) sticky="stickySession: {type: app-cookie, cookieName: x, duration: 20m}" ;;
  esac
  cat <<EOF
profile: open
listeners:
  - {name: web, protocol: http, host: 127.0.0.1, port: $2, pool: web}
pools:
  - name: web
    $sticky
    backends:
      - {id: web1, address: "127.0.0.1:$port1"}
      - {id: web2, address: "127.0.0.1:$port2"}
      - {id: web3, address: "127.0.0.1:$port3"}
EOF
}

haproxy_config() {
  local sticky='' name=''
  case $1 in
    cookie-insert) sticky='cookie SRV insert indirect nocache' name=cookie ;;
    stick-table) sticky=$'stick-table type ip size 1m expire 20m\n  stick on src' ;;
  esac
  cat <<EOF
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend web
  bind 127.0.0.1:$2
  default_backend web
backend web
  balance roundrobin
  $sticky
  server web1 127.0.0.1:$port1 ${name:+cookie web1}
  server web2 127.0.0.1:$port2 ${name:+cookie web2}
  server web3 127.0.0.1:$port3 ${name:+cookie web3}
EOF
}

nginx_config() {
  local sticky=''
  case $1 in
    hash-cookie) sticky="hash \$cookie_x consistent;" ;;
    ip-hash) sticky='ip_hash;' ;;
  esac
  cat <<EOF
daemon off;
worker_processes auto;
pid $work/nginx.pid;
error_log stderr;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path $work/body;
  proxy_temp_path $work/proxy;
  fastcgi_temp_path $work/fastcgi;
  uwsgi_temp_path $work/uwsgi;
  scgi_temp_path $work/scgi;
  keepalive_requests 1000000000;
  upstream web {
    $sticky
    server 127.0.0.1:$port1;
    server 127.0.0.1:$port2;
    server 127.0.0.1:$port3;
    keepalive 256;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:$2;
    location / {
      proxy_pass http://web;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
EOF
}

# start_proxy PROXY AFFINITY PORT
start_proxy() {
  "$1_config" "$2" "$3" >"$work/$1.yaml"
  case $1 in
    gateway) "$java" -jar "$gateway" "$work/$1.yaml" >"$work/log" 2>&1 & ;;
    haproxy) haproxy -db -f "$work/$1.yaml" >"$work/log" 2>&1 & ;;
    nginx) nginx -p "$work" -c "$work/$1.yaml" >"$work/log" 2>&1 & ;;
  esac
  proxy=$!
  local i
  for ((i = 0; i < 300; i++)); do
    kill -0 "$proxy" 2>/dev/null || break
    if answers "$3"; then
      return
    fi
    sleep 0.1
  done
  cat "$work/log" >&2
  fail "$1 $2: no answer (expected: HTTP 200 within 30 s)"
}

# measure PROXY AFFINITY with|without: leaves a JSON object in $work/load
measure() {
  local port before after affinity=$2 requests time p50 p99 failed moved
  [ "$3" = with ] || affinity=none
  port=$(free_port)
  start_proxy "$1" "$affinity" "$port"
  run_clients "$port" "$([ "$1" = gateway ] && echo "$warm" || echo 1)"
  before=$(cpu_micros "$proxy")
  run_clients "$port" "$seconds"
  after=$(cpu_micros "$proxy")
  end "$proxy"
  proxy=''
  read -r _ requests time p50 p99 failed moved <"$work/result"
  [ "$failed" -eq 0 ] || fail "$1 $affinity: $failed of $requests requests failed (expected: 0)"
  [ "$requests" -gt 0 ] || fail "$1 $affinity: no request was answered"
  if [ "$3" = with ]; then
    [ "$moved" -eq 0 ] || fail "$1 $affinity: clients changed their backend $moved times (expected: never)"
  else
    [ "$moved" -gt 0 ] || fail "$1 $affinity: no client changed its backend (expected: without stickiness they do)"
  fi
  echo "{\"cpuMicros\": $((after - before)), \"requests\": $requests, \"seconds\": $time," \
    "\"p50Micros\": $p50, \"p99Micros\": $p99}" >"$work/load"
}

# round PROXY AFFINITY NUMBER: adds a JSON object to $work/rounds
round() {
  local side sides=(with without)
  [ $(($3 % 2)) -eq 1 ] || sides=(without with)
  for side in "${sides[@]}"; do
    measure "$1" "$2" "$side"
    mv "$work/load" "$work/$side"
  done
  [ "$3" -eq 1 ] || echo ',' >>"$work/rounds"
  echo "{\"with\": $(cat "$work/with"), \"without\": $(cat "$work/without")}" >>"$work/rounds"
}

compare() {
  local i
  : >"$work/rounds"
  for ((i = 1; i <= rounds; i++)); do
    echo "$1 $2: round $i of $rounds" >&2
    round "$1" "$2" "$i"
  done
  [ ! -s "$work/rows" ] || echo ',' >>"$work/rows"
  echo "{\"proxy\": \"$1\", \"affinity\": \"$2\", \"rounds\": [$(cat "$work/rounds")]}" >>"$work/rows"
}

wanted() {
  [[ ,$proxies, == *,$1,* ]] || return 1
  case $1 in
    gateway) [ -f "$gateway" ] || fail "$gateway: not found (expected: mvn -DskipTests package)" ;;
    *)
      command -v "$1" >/dev/null || {
        echo "$1: skipped, not found (expected: the Debian package $1)" >&2
        return 1
      }
      ;;
  esac
}

start_origin
: >"$work/rows"
for affinity in lb-cookie app-cookie source-ip; do
  ! wanted gateway || compare gateway "$affinity"
done
for affinity in cookie-insert stick-table; do
  ! wanted haproxy || compare haproxy "$affinity"
done
for affinity in hash-cookie ip-hash; do
  ! wanted nginx || compare nginx "$affinity"
done
[ -s "$work/rows" ] || fail "proxies: none of $proxies is here"

mkdir -p "$(dirname "$out")"
command="benchmarks/proxy-cost.sh -r $rounds -s $seconds -w $warm -c $clients -p $proxies"
echo "{\"report\": \"proxyCost\", \"command\": \"$command\", \"rows\": [$(cat "$work/rows")]}" >"$out"
"$java" -cp "$jar" dev.limpet.benchmarks.report.ProxyCost "$out"
