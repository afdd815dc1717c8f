# Shared by run.sh and test.sh; sourced, not run.

fail() { echo "$*" >&2; exit 1; }

# What has to be there before anything else; the rest is installed or built.
require_tools() {
  command -v dotnet > /dev/null && dotnet --list-sdks 2>/dev/null | grep -q '^10\.' \
    || fail "The .NET 10 SDK is missing. Install the package dotnet-sdk-10.0, or get the SDK from https://dot.net."
  command -v node > /dev/null && command -v npm > /dev/null \
    || fail "Node.js is missing. Install the packages nodejs and npm (version 18 or newer)."
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] \
    || fail "Node.js $(node --version) is too old. Install version 18 or newer."
}

# Whether an engine answers at unix:///… or tcp://…. Asked by node, which is there, where curl and the docker client may not be.
engine_answers() {
  timeout 10 node -e '
    const url = new URL(process.argv[1]);
    const where = url.protocol === "unix:" ? { socketPath: url.pathname } : { host: url.hostname, port: url.port || 2375 };
    require("http").get({ ...where, path: "/_ping", timeout: 5000 }, answer => process.exit(answer.statusCode === 200 ? 0 : 1))
      .on("timeout", () => process.exit(1)).on("error", error => process.exit(error.code === "EACCES" ? 2 : 1));' "$1" 2>/dev/null
}

# Publishes the program into a folder, compiled ahead of time: a fifth less CPU at a start. That takes packages of the compiler, fetched
# once; where they cannot be had the program does the same and starts slower.
publish_program() {
  local project options=()
  project=$(dirname "${BASH_SOURCE[0]}")/../src/OrleansWings
  if dotnet restore "$project" -p:ReadyToRun=true -v quiet > /dev/null 2>&1; then options=(--no-restore -p:ReadyToRun=true); fi
  dotnet publish "$project" -c Release -o "$1" -v quiet --nologo "${options[@]}"
}

# Where the engine's packages can be installed and run by us.
can_install() { [ "$(id -u)" = 0 ] && [ -r /etc/os-release ] && grep -qE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release && command -v apt-get > /dev/null; }

# Ends at once what runs out of a folder, or was begun with a variable that leads there. Not engines, which have their own way to end.
end_processes() { # FOLDER, VARIABLE
  local process
  for process in /proc/[0-9]*; do
    case $(readlink "$process/exe" 2>/dev/null) in
      */dockerd | */containerd* | */docker-proxy) continue ;;
      "$1"/*) ;;
      *) { tr '\0' '\n' < "$process/environ"; } 2>/dev/null | grep -q "^$2=$1/" || continue ;;
    esac
    kill -9 "${process#/proc/}" 2>/dev/null || true
  done
}

# What tests that were ended made for themselves: engines and network namespaces whose names begin with NAME-, and all that runs in them.
remove_machines() { # NAME, the folder of its engines
  local file pid engine
  for file in "/run/netns/$1"-*; do
    [ -e "$file" ] || continue
    engine=${file##*/}
    if [ -d "$2/$engine" ]; then ENGINES=$2 scripts/engine down "$engine" > /dev/null 2>&1 || echo "The engine $engine could not be removed." >&2; fi
    [ -e "$file" ] || continue
    for pid in $(ip netns pids "$engine" 2>/dev/null); do kill -9 "$pid" 2>/dev/null || true; done
    ip netns del "$engine" 2>/dev/null || true
  done
}
