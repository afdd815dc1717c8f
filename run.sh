#!/bin/bash
# ./run.sh           builds and runs OrleansWings; Ctrl-C stops it and leaves the game servers running
# ./run.sh --demo    the same, and makes sure of one demo game server
# ./run.sh --down    removes the private Docker engine that an earlier run started, with its containers and images
# ./run.sh --help
#
# Settings are WINGS_… variables: see silo-config/README.md. The most used: WINGS_URLS, WINGS_DATA, WINGS_ADMIN_PASSWORD_FILE.
# The Docker engine is DOCKER_HOST, else the default socket, else (as root on Debian or Ubuntu) a private engine.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/scripts/lib.sh"

program=$here/artifacts/publish/orleans-wings

main() {
  local action=run demo=false
  for argument in "$@"; do
    case $argument in
      --demo) demo=true ;;
      --down) action=down ;;
      --help | -h) sed -n '2,8s/^# \{0,1\}//p' "$here/run.sh"; exit 0 ;;
      *) fail "run.sh: '$argument' is not understood. Try ./run.sh --help." ;;
    esac
  done
  if [ $action = down ]; then down; exit 0; fi

  require_tools
  publish
  # Checks the settings before anything is installed or started, and says what they come to.
  local settings named=false
  [ -z "${DOCKER_HOST:-}${WINGS_ENGINE:-}" ] || named=true
  settings=$("$program" check)
  WINGS_DATA=$(sed -n 's/^WINGS_DATA=//p' <<< "$settings")
  WINGS_ENGINE=$(sed -n 's/^WINGS_ENGINE=//p' <<< "$settings")
  find_engine
  if $demo; then prepare_demo; fi
  export WINGS_DATA WINGS_ENGINE
  exec "$program"
}

# Only when a source is newer than the last time.
publish() {
  local out=$here/artifacts/publish
  if [ -x "$program" ] && [ -z "$(find "$here"/{src,dashboard,Directory.Build.props,Directory.Packages.props,global.json} \
      \( -name bin -o -name obj -o -name node_modules -o -path "$here/dashboard/wwwroot/dist" \) -prune -o -type f -newer "$program.built" -print -quit)" ]; then
    return
  fi
  echo "Building OrleansWings; the first time takes a minute or two."
  local next=$here/artifacts/publish.$$ log=$here/artifacts/publish.$$.log
  mkdir -p "$here/artifacts"
  touch "$log"
  if ! publish_program "$next" > "$log" 2>&1; then
    cat "$log" >&2; rm -rf "$next" "$log"
    fail "OrleansWings could not be built: see above."
  fi
  # Dated by the start of the build: what was edited meanwhile is newer.
  touch -r "$log" "$next/orleans-wings.built"
  # A program that still runs keeps its files: they are moved away, not written over.
  rm -rf "$out" "$log"
  mv "$next" "$out"
}

find_engine() {
  # One that was named is used, answering or not: the dashboard says when it does not, and goes on when it does.
  if $named || [ "$WINGS_ENGINE" != "unix:///var/run/docker.sock" ]; then return 0; fi
  local answer=0
  engine_answers "$WINGS_ENGINE" || answer=$?
  [ $answer != 0 ] || return 0
  [ $answer != 2 ] || fail "You may not use the Docker engine at /var/run/docker.sock. Run this as root, or join the group docker and sign in anew."
  can_install || fail "No Docker engine answers. Start Docker, or set DOCKER_HOST=unix:///path/of/docker.sock. (As root on Debian or Ubuntu, run.sh can start a private one.)"
  private_engine
}

# One engine and namespace per data folder, so that two installations do not meet.
engine_name() { echo "ow-$(printf %s "$1" | sha256sum | cut -c1-8)"; }

private_engine() {
  local name home
  name=$(engine_name "$WINGS_DATA")
  echo "No Docker engine answers here: a private one is used, in the network namespace $name. It cannot pull images. To use an ordinary engine instead, start Docker or set DOCKER_HOST; './run.sh --down' removes the private one."
  "$here/scripts/install-engine-packages" > /dev/null || fail "The engine's packages could not be installed: see above."
  # The program insists on a folder that is new, empty or its own: the engine may be there before it.
  [ -d "$WINGS_DATA" ] || mkdir -p -m 700 "$WINGS_DATA"
  home=$(ENGINES=$WINGS_DATA/engine "$here/scripts/engine" up "$name")
  WINGS_ENGINE=unix://$home/docker.sock
  address=$(connect "$name") || fail "The namespace $name could not be connected to this machine."
  # What the settings name wins: somebody may forward the ports.
  grep -q '^WINGS_PUBLIC_ADDRESS=' <<< "$settings" || export WINGS_PUBLIC_ADDRESS=$address
  echo "Its games are reached from this machine at $address, each on its own port."
}

# A cable from this machine into the namespace, so that the games in it can be played. Prints the games' address.
connect() {
  local name=$1 cable=$1 third games
  third=$((0x${name: -2})); games=10.213.$third.2
  if ! ip addr show dev "$cable" 2>/dev/null | grep -q "10.213.$third.1/30" || ! nsenter --net="/run/netns/$name" ip addr show 2>/dev/null | grep -q "$games/30"; then
    ip link del "$cable" 2>/dev/null || true
    ip link add "$cable" type veth peer name "$cable" netns "$name" >&2
    ip addr add "10.213.$third.1/30" dev "$cable" && ip link set "$cable" up >&2
    nsenter --net="/run/netns/$name" sh -c "ip addr add $games/30 dev '$cable' && ip link set '$cable' up" >&2
  fi
  echo "$games"
}

prepare_demo() {
  export WINGS_DEMO=true
  if [ -n "${WINGS_DEMO_IMAGE:-}" ]; then :
  elif [ "${WINGS_ENGINE#unix://}" != "$WINGS_ENGINE" ] && can_install; then
    echo "Making the demo's image from the package minetest-server."
    # Its packages are kept where --down takes them away.
    mkdir -p -m 700 "$WINGS_DATA"
    IMAGES=$WINGS_DATA/engine/images "$here/scripts/make-minetest-image" "$WINGS_ENGINE" orleans-wings/minetest:latest > /dev/null
  else
    export WINGS_DEMO_IMAGE=ghcr.io/minetest/minetest:5.6.1
  fi
  echo "The demo's game, a Minetest server, is reached at ${address:-127.0.0.1}, UDP port 30000, once it runs."
}

down() {
  local data=${WINGS_DATA:-} name
  if [ -z "$data" ] && [ -n "${WINGS_CONFIG:-}" ]; then
    # Only the program reads the settings file.
    require_tools; publish
    data=$("$program" check | sed -n 's/^WINGS_DATA=//p')
  fi
  if [ -z "$data" ]; then [ "$(id -u)" = 0 ] && data=/var/lib/orleans-wings || data=$HOME/.local/share/orleans-wings; fi
  data=${data%/}
  name=$(engine_name "$data")
  if [ ! -d "$data/engine/$name" ] && [ ! -e "/run/netns/$name" ]; then
    echo "There is no private engine for $data."
    return
  fi
  if [ -e "$data/lock" ] && ! flock -n "$data/lock" true; then
    fail "OrleansWings still runs on $data (process $(cat "$data/pid" 2>/dev/null)). Stop it first."
  fi
  ip link del "$name" 2>/dev/null || true
  ENGINES=$data/engine "$here/scripts/engine" down "$name"
  rm -rf "$data/engine"
  echo "The private engine is gone. The servers' files and records are still in $data."
}

main "$@"
