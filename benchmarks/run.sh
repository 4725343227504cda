#!/usr/bin/env bash
# Measures everything and writes docs/internals/performance.md with its charts.
#
#   benchmarks/run.sh [short|full] [FOLDER]
#
# Results are left in FOLDER (default: benchmarks/target/results): JMH's as JSON, others as tables in Markdown. short: 1
# fork, 3 × 1 s, 1,000 and 1 million sessions, under 15 minutes; full: 3 forks, up to 10 million sessions, more than an
# hour. Use a quiet machine with 16 GB. JAVA_HOME selects the JDK. To put several JDKs into one document, run once for
# each with a folder of its own, and pass all folders to the report, as at the end of this script.
set -euo pipefail
export LC_ALL=C.UTF-8 # for what Java prints

settings=${1:-short}
here=$(cd "$(dirname "$0")" && pwd)
results=${2:-$here/target/results}
jar=$here/target/benchmarks.jar
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
report=dev.limpet.benchmarks.report

case $settings in
  short)
    jmh=(-f 1 -wi 1 -w 1s -i 3 -r 1s)
    sessions=1000,1000000 backends=10,100 sizes=(10000 1000000) places=(10000 1000000)
    proxy=(-g 1 -r 2 -s 2 gateway:plain gateway:lb-cookie)
    ;;
  full)
    jmh=(-f 3 -wi 4 -w 500ms -i 3 -r 500ms)
    sessions=1000,100000,1000000,10000000 backends=10,1000 sizes=(10000 1000000 10000000) places=(10000 1000000)
    proxy=(-g 1 -r 12 -s 2)
    ;;
  *)
    echo "settings: $settings (expected: short or full)" >&2
    exit 2
    ;;
esac
[ $# -le 2 ] || { echo "arguments: $# (expected: [short|full] [FOLDER])" >&2 && exit 2; }
[ -f "$jar" ] || { echo "$jar: not found (expected: mvn -DskipTests package)" >&2 && exit 1; }
mkdir -p "$results"

# jmh NAME THREADS BENCHMARK OPTION...: one run of JMH, its results in NAME.json
jmh() {
  echo "$1" >&2
  "$java" -jar "$jar" "$3" -t "$2" "${jmh[@]}" "${@:4}" -foe true -rf json -rff "$results/$1.json" >"$results/$1.log" 2>&1 ||
    { tail -n 30 "$results/$1.log" >&2 && exit 1; }
}

# measure NAME CLASS ARGUMENT...: another program, its table in NAME.md
measure() {
  echo "$1" >&2
  "$java" -Xmx8g "${jol[@]}" -cp "$jar" "$2" "${@:3}" >"$results/$1.md" 2>"$results/$1.log" ||
    { tail -n 30 "$results/$1.log" >&2 && exit 1; }
}

# What JOL needs; otherwise it is slow.
jol=(-Djdk.attach.allowAttachSelf -XX:+EnableDynamicAgentLoading)
for package in lang lang.ref net util util.concurrent util.concurrent.atomic util.concurrent.locks; do
  jol+=(--add-opens "java.base/java.$package=ALL-UNNAMED")
done

measure machine $report.Machine

jmh lookup-1 1 '\.TableLookupBenchmark\.' -p sessions="$sessions"
jmh lookup-2 2 '\.TableLookupBenchmark\.' -p sessions=1000000 -p table=compact -p access=independent
measure turns dev.limpet.benchmarks.LookupTurns --sessions "$sessions"
jmh control-1 1 '\.ScalingControlBenchmark\.'
jmh control-2 2 '\.ScalingControlBenchmark\.'
jmh route 1 '\.RouteBenchmark\.manySessions' -p table=compact -p sessions=1024,65536 -prof gc
jmh token 1 '\.TokenBenchmark\.' -prof gc
jmh exchange 1 '\.ExchangeBenchmark\.' -prof gc
jmh peer 1 '\.PeerBenchmark\.'
jmh pick-1 1 '\.PickBenchmark\.' -p backends="$backends"
jmh pick-2 2 '\.PickBenchmark\.' -p backends="$backends"
jmh bind-1 1 '\.BindBenchmark\.'
jmh bind-2 2 '\.BindBenchmark\.'
jmh change 1 '\.PoolChangeBenchmark\.'

measure peers dev.limpet.benchmarks.PeerChanges
measure memory $report.MemoryReport "${sizes[@]}"
measure overflow $report.OverflowReport "${places[@]}"

rm -f "$results/proxy.md"
if command -v wrk >/dev/null; then
  "$here/proxy-cost.sh" "${proxy[@]}" >"$results/proxy.md"
else
  echo 'proxy: skipped, wrk not found (expected: the Debian package wrk)' >&2
fi

docs=$here/../docs/internals
rm -f "$docs"/performance/*.svg
"$java" -cp "$jar" $report.Report "$docs" "$results"
echo "$docs/performance.md" >&2
