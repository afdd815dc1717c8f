#!/bin/bash
# ./test.sh                        does all the set-up and runs every test
# ./test.sh --project Silo         only the test projects with Silo in their names
# ./test.sh --project NewerEngines the newest engine's three variants alone
# ./test.sh --project Upgrades     a fleet from an earlier commit's program to this one and back, alone
# ./test.sh --filter-class '*Foo'  what else is given goes to each test project (--filter-method, --filter-trait, …)
#
# As root on Debian or Ubuntu it installs what is missing. Tests use the Docker engine of DOCKER_HOST or the default socket, else a private
# one of this run's own. Nothing is left behind. Ends with "N passed, N failed, N skipped"; a skipped test is a failure here.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/scripts/lib.sh"
cd "$here"

only=''
options=()
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) sed -n '2,9s/^# \{0,1\}//p' test.sh; exit 0 ;;
    --project) [ $# -gt 1 ] || fail "test.sh: --project needs a part of a project's name."; only=$2; shift 2 ;;
    *) options+=("$1"); shift ;;
  esac
done

[ "$only" = NewerEngines ] || [ "$only" = Upgrades ] || compgen -G "tests/*$only*.Tests" > /dev/null || compgen -G "tests/*${only%.Tests}.Tests" > /dev/null || fail "No test project has '$only' in its name."

# A short path: a unix socket's may have about 100 characters.
work=$(mktemp -d /tmp/owt.XXXXXX)
name=owt-${work##*.}; name=${name,,}
has_engine=false

# Temporary files of its own: builds, the test platform and browsers leave empty folders there.
mkdir -p "$work/t"
export TMPDIR=$work/t

# Whatever happens, also Ctrl-C: the engine with all it has, the programs that tests left running, every file.
cleanup() {
  trap - EXIT INT TERM HUP
  # Every child has our place for temporary files: a Redis, a registry, a browser.
  end_processes "$work" TMPDIR
  # Engines of single tests, when those were ended before they could remove them.
  local engine
  for engine in "$work"/t/owl-*/owl-*/ "$work"/e/t-*/owl-*/owl-*/; do
    if [ -d "$engine" ]; then ENGINES=$(dirname "$engine") scripts/engine down "$(basename "$engine")" > /dev/null 2>&1 || true; fi
  done
  remove_machines "$name" "$work/e"
  if $has_engine; then ENGINES=$work/e scripts/engine down "$name" > /dev/null 2>&1 || echo "The engine $name could not be removed." >&2; fi
  rm -rf --one-file-system "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

install() {
  can_install || return 0
  local missing=()
  command -v chromium-headless-shell > /dev/null || missing+=(chromium-headless-shell)
  command -v docker-compose > /dev/null || missing+=(docker-compose)
  [ -d /usr/share/fonts/truetype/roboto ] || missing+=(fonts-roboto-unhinted)
  [ -d /usr/share/zoneinfo/Europe ] || missing+=(tzdata)
  compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' > /dev/null || missing+=(libfaketime)
  # For a rootless engine.
  command -v rootlesskit > /dev/null || missing+=(rootlesskit)
  command -v slirp4netns > /dev/null || missing+=(slirp4netns)
  command -v newuidmap > /dev/null || missing+=(uidmap)
  scripts/install-engine-packages > "$work/apt.log" 2>&1 || { cat "$work/apt.log" >&2; fail "The engine's packages could not be installed."; }
  [ ${#missing[@]} = 0 ] || {
    apt-get -qq update
    # Older suites have it in the browser's own package alone.
    apt-cache show chromium-headless-shell || missing=("${missing[@]/#chromium-headless-shell/chromium}")
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}"
  } > "$work/apt.log" 2>&1 || { cat "$work/apt.log" >&2; fail "What the tests need could not be installed: ${missing[*]}."; }
}

find_engine() {
  WINGS_TEST_ENGINE_NETNS=''
  WINGS_TEST_ENGINE=${DOCKER_HOST:-unix:///var/run/docker.sock}
  if ! engine_answers "$WINGS_TEST_ENGINE"; then
    can_install || fail "No Docker engine answers at $WINGS_TEST_ENGINE. Start Docker or set DOCKER_HOST. (As root on Debian or Ubuntu, test.sh starts a private one.)"
    has_engine=true
    WINGS_TEST_ENGINE=unix://$(ENGINES=$work/e scripts/engine up "$name")/docker.sock
    WINGS_TEST_ENGINE_NETNS=$name
  fi
  WINGS_TEST_IMAGE=orleanswings-test:latest
  tests/engine/make-test-image "$WINGS_TEST_ENGINE" "$WINGS_TEST_IMAGE"
}

build() {
  local log=$work/build.log
  { dotnet build OrleansWings.sln -c Release -v quiet --nologo && publish_program "$work/program"; } > "$log" 2>&1 \
    || { cat "$log" >&2; fail "The build failed: see above."; }
}

passed=0 failed=0 skipped=0
faults=$work/faults   # Each failed test with the beginning of what it said: said again at the end, as what is printed of one may be long.

# Runs a project's tests into a log and keeps how it ended.
execute() { # label, project, options…
  local label=$1 project=$2 code=0; shift 2
  timeout --foreground -k 20 2700 "tests/$project/bin/Release/net10.0/$project" --no-progress --no-ansi --output Detailed \
    --results-directory "$work/results" "$@" > "$work/$label.log" 2>&1 || code=$?
  echo "$code" > "$work/$label.code"
}

# The tests that took longest: where the time of the whole run goes.
slowest() { # log
  sed -nE 's/^passed (.*) \(([^()]*)\)$/\2\t\1/p' "$1" | awk -F '\t' '
    { ms = 0; n = split($1, parts, " ")
      for (i = 1; i <= n; i++) { unit = parts[i]; sub(/[0-9]+/, "", unit); ms += parts[i] * (unit == "h" ? 3600000 : unit == "m" ? 60000 : unit == "s" ? 1000 : 1) }
      if (ms >= 20000) printf "%7.1f s  %s\n", ms / 1000, $2 }' | sort -rn | head -12 || true
}

count() { # label
  local label=$1 log=$work/$1.log code count
  code=$(cat "$work/$label.code")
  echo "== $label"
  grep -v '^passed ' "$log" || true
  slowest "$log"
  grep -A 12 '^failed ' "$log" | cut -c 1-1500 | sed "1i\\-- $label" >> "$faults" || true
  number() { sed -n "s/^  $1: \([0-9]*\)$/\1/p" "$log" | tail -1; }
  count=$(number total)
  passed=$((passed + $(number succeeded || true) + 0)) failed=$((failed + $(number failed || true) + 0)) skipped=$((skipped + $(number skipped || true) + 0))
  # 8: no test ran, which a filter may well mean; without one it is a project that lost its tests.
  if [ "$code" = 8 ] && [ ${#options[@]} -gt 0 ]; then return; fi
  if [ "$code" = 124 ]; then echo "$label did not end within 45 minutes." >&2; fi
  # Ended by something else than a failed test: a crash, a time-out, no test.
  if [ "$code" != 0 ] && [ "$(number failed)" = "${count:+0}" ] || [ -z "$count" ]; then failed=$((failed + 1)); fi
}

# The engines that people run now, from Debian's newest packages: as it is, refusing all but new clients as engine 29 does, and with containerd's
# image store. Conformance, a server's life and its usage; one after another, as side by side they starve each other's browsers.
run_on_newer() {
  local root label
  root=$(tests/engine/newer-root) || fail "A newer engine could not be unpacked."
  run_on() ( # label, dockerd's options…
    label=$1 engine=$name-$1; shift
    # What the kernel is asked for does not depend on how the engine is spoken to, nor on where it keeps images: once is enough.
    more=(); if [ "$label" = plain ]; then more=('*.LimitTests' '*.OutgoingIpTests'); fi
    # What the engine mounts has to lie where it sees it.
    export ENGINE_ROOT=$root TMPDIR=$work/e/t-$label
    mkdir -p "$TMPDIR"
    scripts/engine up "$engine" "$@" > "$work/$label.up" 2>&1 || { cat "$work/$label.up" >&2; return 1; }
    export WINGS_TEST_ENGINE=unix://$work/e/$engine/docker.sock WINGS_TEST_ENGINE_NETNS=$engine
    tests/engine/make-test-image "$WINGS_TEST_ENGINE" "$WINGS_TEST_IMAGE"
    execute "Containers on engine 28 ($label)" OrleansWings.Containers.Tests --filter-trait Needs=Docker
    if [ "$label" = plain ]; then execute "Silo on engine 28 ($label)" OrleansWings.Silo.Tests --filter-class '*OnEngineTests'; fi
    execute "EndToEnd on engine 28 ($label)" OrleansWings.EndToEnd.Tests --filter-class '*.PowerTests' '*.UsageTests' "${more[@]}"
    ENGINES=$work/e scripts/engine down "$engine" > /dev/null 2>&1 || echo "The engine $engine could not be removed." >&2
  )
  run_on plain || true
  DOCKER_API_VERSION=1.44 ENGINE_ENV=DOCKER_MIN_API_VERSION=1.44 run_on min-api || true
  run_on images --feature containerd-snapshotter=true || true
  for label in plain min-api images; do
    for project in Containers Silo EndToEnd; do
      if [ "$project $label" = "Silo min-api" ] || [ "$project $label" = "Silo images" ]; then continue; fi
      if [ -f "$work/$project on engine 28 ($label).code" ]; then count "$project on engine 28 ($label)"; else echo "$project did not run on engine 28 ($label)." >&2; failed=$((failed + 1)); fi
    done
  done
}

# The commit whose program has to work together with this one: the last version that people may have, of 27 November 2026. It moves on when another is
# given out. Only a repository with its history has it.
earlier=5e26edf53da6a200c4973bca24eebd41aa5104c5

run_upgrades() {
  local source=$work/earlier-source said
  git() { command git -c safe.directory="$(pwd -P)" "$@"; }
  said=$(git cat-file -e "$earlier^{commit}" 2>&1) || { echo "An upgrade from commit $earlier is not tried: ${said:-git cannot find it}." >&2; return 0; }
  mkdir "$source"
  # What is advised of its packages since is not this run's business.
  { git archive "$earlier" | tar -x -C "$source" && (cd "$source" && NuGetAudit=false bash -c '. scripts/lib.sh; publish_program "$1"' - "$work/earlier"); } > "$work/earlier.log" 2>&1 \
    || { cat "$work/earlier.log" >&2; echo "Commit $earlier could not be built." >&2; failed=$((failed + 1)); return 0; }
  WINGS_TEST_EARLIER_PROGRAM=$work/earlier/orleans-wings execute Upgrades OrleansWings.EndToEnd.Tests --filter-trait Needs=EarlierProgram
  count Upgrades
}

require_tools
install
build
find_engine
WINGS_TEST_PROGRAM=$work/program/orleans-wings
# The same Chromium without what a desktop needs, which takes a third of a test's CPU time less.
WINGS_TEST_CHROMIUM=$(command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome || true)
IMAGES=$work/images   # where make-minetest-image keeps its packages
ENGINES=$work/e       # where engines are that tests start for themselves
export ENGINES IMAGES WINGS_TEST_ENGINE WINGS_TEST_ENGINE_NETNS WINGS_TEST_IMAGE WINGS_TEST_PROGRAM WINGS_TEST_CHROMIUM
# The tests say what the program is set to; a shell's own settings must not change what is tested.
for variable in ${!WINGS_@}; do [[ $variable == WINGS_TEST_* ]] || unset "$variable"; done
unset DOCKER_HOST

for project in tests/*.Tests/; do
  project=$(basename "$project")
  [[ -f tests/$project/$project.csproj && $project == *"$only"* ]] || continue
  # Those need a second program: run_upgrades.
  rest=(); if [ "$project" = OrleansWings.EndToEnd.Tests ] && [ ${#options[@]} = 0 ]; then rest=(--filter-not-trait Needs=EarlierProgram); fi
  execute "$project" "$project" "${options[@]}" "${rest[@]}"
  count "$project"
done
if [ ${#options[@]} = 0 ] && { [ -z "$only" ] || [ "$only" = Upgrades ]; }; then run_upgrades; fi
if [ ${#options[@]} = 0 ] && { [ -z "$only" ] || [ "$only" = NewerEngines ]; }; then
  if can_install; then run_on_newer; else echo "Newer engines are not tried: that takes root on Debian." >&2; fi
fi
if [ $((passed + failed + skipped)) = 0 ]; then echo "No test ran." >&2; failed=1; fi

if [ -s "$faults" ]; then printf '== What failed\n'; cat "$faults"; fi
cleanup
echo "$passed passed, $failed failed, $skipped skipped"
[ $((failed + skipped)) = 0 ]
