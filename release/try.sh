#!/usr/bin/env bash
# Tries a release without publishing it: builds it twice, signed with a key that is thrown away, into folders; checks
# what would be published; uses it from two projects outside this tree; and breaks the API to see that this is refused.
# Needs a JDK, Maven, git, gpg and Maven Central. Nothing of Limpet goes into the local Maven repository.
#
#   release/try.sh            removes everything at the end
#   release/try.sh FOLDER     keeps everything in FOLDER, which must not exist
set -euo pipefail
export LC_ALL=C

root=$(cd "$(dirname "$0")/.." && pwd)
if [[ $# -gt 0 ]]; then
  mkdir "$1"
  work=$(cd "$1" && pwd)
else
  work=$(mktemp -d)
fi
# The agent of gpg wants a short path.
keys=$(mktemp -d)

finish() {
  GNUPGHOME=$keys gpgconf --kill all > /dev/null 2>&1 || true
  rm -rf "$keys"
  [[ $# -gt 0 ]] || rm -rf "$work"
}
trap "finish ${1:+kept}" EXIT

say() { echo "== $*"; }

fail() {
  echo "release/try.sh: $*" >&2
  exit 1
}

needs() { command -v "$1" > /dev/null || fail "$1: not found (expected: in the PATH)"; }

# property NAME: its value in the parent of all.
property() { sed -n "s/.*<$1>\(.*\)<\/$1>.*/\1/p" "$root/release/pom.xml"; }

# Placeholders get values of a project that does not exist.
identity=()
for name in limpet.url limpet.scm.url limpet.issues.url limpet.security.url; do
  value=$(property "$name")
  [[ $value != *.invalid* ]] || identity+=("-D$name=${value/.invalid/.example}")
done
security=$(property limpet.security.url)
security=${security/.invalid/.example}

# The folders of what is released: their POMs say so.
released() { (cd "$root" && git ls-files '*pom.xml' | xargs grep -l '<maven.deploy.skip>false<' | xargs -n 1 dirname); }

version=$(sed -n '0,/<version>/s/.*<version>\(.*\)<\/version>.*/\1/p' "$root/release/pom.xml")

# copy TO: what git knows or would add, as it is now.
copy() {
  mkdir -p "$1"
  (cd "$root" && git ls-files -z --cached --others --exclude-standard | xargs -0 ls -d 2> /dev/null \
    | tar -c -T - | tar -x -C "$1")
}

# build FOLDER REPOSITORY
build() {
  (cd "$1" && mvn -q -Prelease deploy -DskipTests -Dmaven.install.skip=true -Dgpg.signer=bc "${identity[@]}" \
    -DaltDeploymentRepository="tried::file://$2" -pl "$(released | paste -sd,)")
}

make_key() {
  export GNUPGHOME=$keys
  gpg --quiet --batch --pinentry-mode loopback --passphrase "$1" \
    --quick-generate-key 'A try <try@limpet.example>' ed25519 sign 1d 2> "$work/gpg.log" || fail "$(cat "$work/gpg.log")"
  MAVEN_GPG_KEY=$(gpg --batch --pinentry-mode loopback --passphrase "$1" --armor --export-secret-keys)
  export MAVEN_GPG_KEY MAVEN_GPG_PASSPHRASE=$1
}

# refuses PROPERTY VALUE: the release profile names the property, and builds nothing.
refuses() {
  local log="$work/refused-$1.log"
  if (cd "$work/first" && mvn -Prelease validate -pl bom "${identity[@]}" "-D$1=$2") > "$log" 2>&1; then
    fail "$1=$2 was accepted (expected: refused)"
  fi
  grep -q "$1: $2 (expected: " "$log" || fail "$log: does not name $1"
}

# Files that are published, without signatures and checksums.
published() { find "$1/dev" -type f ! -name '*.asc*' ! -name '*.md5' ! -name '*.sha1' ! -name 'maven-metadata*' "${@:2}"; }

check_names() {
  local expected found
  expected=$(released | while read -r folder; do
    sed -n 's/.*<artifactId>\(limpet-[a-z0-9-]*\)<.*/\1/p' "$root/$folder/pom.xml" | sed -n 2p
  done | sort)
  found=$(ls "$1/dev/limpet" | sort)
  [[ $found == "$expected" ]] || fail "published: $found (expected: $expected)"
}

# check_files REPOSITORY ARTIFACT
check_files() {
  local base="$1/dev/limpet/$2/$version/$2-$version" rest
  for rest in .jar -sources.jar -javadoc.jar -cyclonedx.json; do
    [[ $2 == limpet-bom || -s $base$rest ]] || fail "$base$rest: not there"
  done
  [[ -s $base.pom ]] || fail "$base.pom: not there"
  if grep -nE '<parent>|\$\{|SNAPSHOT|\.invalid|<scope>test' "$base.pom"; then
    fail "$base.pom: has the line above (expected: a POM that stands alone)"
  fi
  for rest in name description url license developer connection issueManagement; do
    grep -q "<$rest>" "$base.pom" || fail "$base.pom: no <$rest>"
  done
}

check_signatures() {
  local count=0 file
  while read -r file; do
    gpg --quiet --verify "$file.asc" "$file" 2> "$work/gpg.log" || fail "$file: $(cat "$work/gpg.log")"
    count=$((count + 1))
  done < <(published "$1")
  file=$(published "$1" -name 'limpet-core-*.pom')
  { cat "$file"; echo; } > "$work/altered"
  ! gpg --quiet --verify "$file.asc" "$work/altered" 2> /dev/null || fail "an altered file was verified"
  say "$count files, each with a signature that verifies"
}

check_sboms() {
  local sbom gateway list
  for sbom in $(published "$1" -name '*-cyclonedx.json'); do
    grep -q '"bomFormat" : "CycloneDX"' "$sbom" || fail "$sbom: no CycloneDX"
    grep -q "$security" "$sbom" || fail "$sbom: no security contact"
  done
  gateway=$1/dev/limpet/limpet-gateway/$version/limpet-gateway-$version
  list=$(unzip -p "$gateway-all.jar" META-INF/THIRD-PARTY.md)
  sed -n 's|.*"purl" : "pkg:maven/\([^/]*\)/\([^@]*\)@\([^?"]*\).*|\1:\2 \3|p' "$gateway-cyclonedx.json" | sort -u \
    | grep -v '^dev.limpet:' > "$work/components"
  [[ -s $work/components ]] || fail "$gateway-cyclonedx.json: names no component"
  while read -r artifact version_of_it; do
    [[ $list == *"| $artifact | $version_of_it |"* ]] || fail "META-INF/THIRD-PARTY.md: no $artifact $version_of_it"
  done < "$work/components"
  say "SBOM of the gateway: $(wc -l < "$work/components") components, each in its META-INF/THIRD-PARTY.md"
}

# checksums REPOSITORY
checksums() { (cd "$1" && published . -print0 | sort -z | xargs -0 sha256sum); }

# use PROJECT: compiles it with an empty local repository.
use() {
  cp -r "$root/release/consumers/$1" "$work/$1"
  (cd "$work/$1" && mvn -q -B -Dmaven.repo.local="$work/m2" -Dlimpet.version="$version" \
    -Dlimpet.repository="file://$work/repository" compile)
}

# compare_api FOLDER: with the release in the repository of the try.
compare_api() {
  (cd "$1" && mvn -Prelease -Dmaven.repo.local="$work/m2" -Dmaven.test.skip=true -Dmaven.javadoc.skip=true \
    -Dcyclonedx.skip=true "${identity[@]}" package japicmp:cmp@compare -pl core)
}

check_api() {
  local next="$work/next" log="$work/api.log"
  copy "$next"
  (cd "$next" && git -C "$root" ls-files '*pom.xml' | xargs sed -i "s|<version>$version</version>|<version>99</version>|")
  sed -i "s|^  <profiles>|  <repositories><repository><id>tried</id><url>file://$work/repository</url></repository></repositories>\n&|" \
    "$next/release/pom.xml"
  compare_api "$next" > "$log" 2>&1 || fail "$(tail -30 "$log")"
  sed -i 's/public String authority()/String authority()/' "$next/core/src/main/java/dev/limpet/core/Backend.java"
  ! compare_api "$next" > "$log" 2>&1 || fail "a method that is no longer public was accepted (expected: refused)"
  grep -q 'authority' "$log" || fail "$(tail -30 "$log")"
}

for program in java mvn git gpg tar unzip sha256sum; do needs "$program"; done

say "version $version: $(released | wc -l) artifacts, in $work"
make_key "$(od -An -N 16 -t x1 /dev/urandom | tr -d ' \n')"
copy "$work/first"
copy "$work/second/elsewhere"

say "placeholders are refused"
refuses limpet.url https://limpet.invalid/
refuses limpet.scm.url https://limpet.invalid/limpet.git
refuses limpet.issues.url https://limpet.invalid/issues
refuses limpet.security.url mailto:security@limpet.invalid

say "build, sign and deploy into a folder"
build "$work/first" "$work/repository"
check_names "$work/repository"
for artifact in $(ls "$work/repository/dev/limpet"); do check_files "$work/repository" "$artifact"; done
check_signatures "$work/repository"
check_sboms "$work/repository"

say "build again in another folder, and compare"
build "$work/second/elsewhere" "$work/repository2"
checksums "$work/repository" > "$work/SHA256SUMS"
checksums "$work/repository2" > "$work/SHA256SUMS2"
diff "$work/SHA256SUMS" "$work/SHA256SUMS2" || fail "the files above differ between two builds"
say "$(wc -l < "$work/SHA256SUMS") files are the same in both builds"

say "the gateway"
java -jar "$work/repository/dev/limpet/limpet-gateway/$version/limpet-gateway-$version-all.jar" --check \
  > "$work/gateway.log" 2>&1 || fail "$(tail -20 "$work/gateway.log")"
tail -1 "$work/gateway.log"

say "a project on the class path"
use classpath
java -cp "$work/classpath/target/classes:$work/classpath/target/lib/*" example.Main

say "a project on the module path"
use modulepath
java -p "$work/modulepath/target/classes:$work/modulepath/target/lib" -m example/example.Main

say "a change of the API that breaks users is refused"
check_api

say "done"
