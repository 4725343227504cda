# Functions of the scripts that load proxies. They need: here, jar, java, work, clients, and the name of the script.
# shellcheck shell=bash disable=SC2034,SC2154 # variables of the scripts

# The heap of a proxy on the JVM, touched as it is after hours: each new page costs a virtual machine several µs.
heap=(-Xms512m -Xmx512m -XX:+AlwaysPreTouch)

fail() {
  echo "$script: $*" >&2
  exit 1
}

# positive NAME VALUE: prints the value of an option; needs usage
positive() {
  [[ $2 =~ ^[1-9][0-9]{0,4}$ ]] || usage "$1: $2"
  printf '%s' "$2"
}

# need_built FILE...
need_built() {
  local file
  for file in "$@"; do
    [ -f "$file" ] || fail "$file: not found (expected: mvn -DskipTests package)"
  done
}

# Ends processes of this script and waits for them.
end() {
  local pid
  for pid in "$@"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
}

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
}

answers() {
  local status
  { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 1
  printf 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
  read -r -t 2 status <&3 || status=''
  exec 3>&-
  [[ $status == HTTP/1.?' 200'* ]]
}

# await_answer NAME PID PORT LOG
await_answer() {
  local i
  for ((i = 0; i < 300; i++)); do
    kill -0 "$2" 2>/dev/null || break
    if answers "$3"; then
      return
    fi
    sleep 0.1
  done
  cat "$4" >&2
  fail "$1: no answer (expected: HTTP 200 within 30 s)"
}

start_origin() {
  "$java" -cp "$jar" dev.limpet.benchmarks.report.Origin 3 >"$work/origin" &
  origin=$!
  local i
  for ((i = 0; i < 300; i++)); do
    if read -r port1 port2 port3 2>/dev/null <"$work/origin"; then
      return
    fi
    sleep 0.1
  done
  fail "backends: no answer after 30 s"
}

tree() {
  local child
  echo "$1"
  for child in $(pgrep -P "$1" || true); do
    tree "$child"
  done
}

# run_clients PORT SECONDS: leaves wrk's result in $work/result
run_clients() {
  local close=()
  [ "${connections:-kept}" = kept ] || close=(-H 'Connection: close')
  wrk "${close[@]}" -t"$clients" -c"$clients" -d"$2s" -s "$here/proxy-cost/clients.lua" "http://127.0.0.1:$1/" >"$work/wrk" 2>&1 &
  load=$!
  wait "$load" || { cat "$work/wrk" >&2 && fail "wrk: failed"; }
  load=''
  grep '^RESULT' "$work/wrk" >"$work/result" || { cat "$work/wrk" >&2 && fail "wrk: no result"; }
}

# used_micros PID WHICH: the processor time of a process and its descendants in microseconds; of the JIT compiler's
# threads, or of all others.
used_micros() {
  local pid task stat fields kind ticks=0
  for pid in $(tree "$1"); do
    for task in "/proc/$pid/task/"*; do
      stat=$(cat "$task/stat" 2>/dev/null) || continue
      [[ $stat == *'(C'[12]' '* ]] && kind=compiler || kind=others
      [ "$kind" = "$2" ] || continue
      read -r -a fields <<<"${stat##*) }"
      ticks=$((ticks + fields[11] + fields[12]))
    done
  done
  echo $((ticks * 1000000 / $(getconf CLK_TCK)))
}
