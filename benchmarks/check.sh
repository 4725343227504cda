#!/usr/bin/env bash
# Checks that no promised ratio of speed has become worse: prints a table, and exits 1 if a target is missed.
#
#   benchmarks/check.sh            compare with benchmarks/last.json
#   benchmarks/check.sh --accept   write the new numbers to benchmarks/last.json first
#
# Takes about seven minutes. Lookups are measured in 25 turns, all else in three rounds of the same benchmarks with one
# fork each. A ratio is always one of times within a turn or a round, and the median of these counts. Where there is no
# bound for all machines, it may be worse than the last one by 25 %, and bytes by nothing. Use a quiet machine. JAVA_HOME
# selects the JDK; last.json names the one it is from.
set -euo pipefail
export LC_ALL=C.UTF-8 # for what Java prints

here=$(cd "$(dirname "$0")" && pwd)
jar=$here/target/benchmarks.jar
rounds=$here/target/check
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

case "$#${1:+ }${1-}" in
  0 | '1 --accept') ;;
  *) echo "arguments: $* (expected: none, or --accept)" >&2 && exit 2 ;;
esac
[ -f "$jar" ] || { echo "$jar: not found (expected: mvn -DskipTests package)" >&2 && exit 2; }
rm -rf "$rounds"

# jmh ROUND NAME THREADS BENCHMARK OPTION...: one run of JMH, its results in NAME.json of the round's folder
jmh() {
  local results=$rounds/$1/$2
  mkdir -p "$rounds/$1"
  "$java" -jar "$jar" "$4" -t "$3" -f 1 -wi 2 -w 1s -i 3 -r 500ms "${@:5}" -foe true -rf json -rff "$results.json" \
    >"$results.log" 2>&1 || { tail -n 30 "$results.log" >&2 && exit 2; }
}

echo 'lookups' >&2
mkdir -p "$rounds/turns"
"$java" -cp "$jar" dev.limpet.benchmarks.LookupTurns --turns 25 --sessions 1000,100000,1000000 \
  --tables coarse,rawCaffeine --results "$rounds/turns" >"$rounds/turns.md" || exit 2
for round in 1 2 3; do
  echo "round $round of 3" >&2
  for threads in 1 2; do
    jmh $round control-$threads $threads '\.ScalingControlBenchmark\.'
    jmh $round bind-$threads $threads '\.BindBenchmark\.routeNew' -p table=compact
    jmh $round pick-$threads $threads '\.PickBenchmark\.' -p balancer=weighted-round-robin -p backends=10
  done
  jmh $round change 1 '\.PoolChangeBenchmark\.' -p backends=1000
done
# Allocation does not vary, so one round is enough.
jmh 1 route 1 '\.RouteBenchmark\.manySessions' -p affinity=sourceIp,lbCookie,appCookie,header -prof gc
jmh 1 exchange 1 '\.ExchangeBenchmark\.exchange' -prof gc

"$java" -cp "$jar" dev.limpet.benchmarks.report.Check "$@" "$here/last.json" "$rounds"/[123] "$rounds"/turns/*
