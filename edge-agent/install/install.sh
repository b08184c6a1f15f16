#!/bin/sh
# Installs the Gatecast agent from the bundle that this file lies in, or takes it away again. Running it twice changes nothing more.
# DESTDIR=/some/root puts everything below that root and leaves users and services alone.
set -eu

usage() {
  cat <<'END'
usage: install.sh [--cloud-url URL] [--door-link LINK] [--update-keys FILE] [--replace] [--no-start]
       install.sh --uninstall [--purge]

  --cloud-url, --door-link   written to /etc/gatecast/agent.env when that is made
  --update-keys FILE         whom releases are taken from, as gatecast-release keygen made it
  --replace                  puts this bundle in the place of what is installed, instead of leaving it to signed releases
  --no-start                 does not start the service
  --uninstall                takes the service and the program away; keeps settings, keys and the journal
  --purge                    takes those away too: the terminal has to be claimed anew
END
}
say() { printf '%s\n' "$*"; }
die() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }

here=$(dirname "$(readlink -f "$0")")
bundle=$(dirname "$here")
root=${DESTDIR:-}
opt=$root/opt/gatecast
etc=$root/etc/gatecast
state=$root/var/lib/gatecast
unit=$root/etc/systemd/system/gatecast-agent.service
command=$root/usr/local/bin/gatecast-agent
cloud_url='' door_link='' update_keys='' replace=no start=yes uninstall=no purge=no changed=no

while [ $# -gt 0 ]; do
  case $1 in
    --cloud-url) cloud_url=${2:?--cloud-url needs a URL}; shift ;;
    --door-link) door_link=${2:?--door-link needs a link}; shift ;;
    --update-keys) update_keys=${2:?--update-keys needs a file}; shift ;;
    --replace) replace=yes ;;
    --no-start) start=no ;;
    --uninstall) uninstall=yes ;;
    --purge) purge=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

# Only on the machine itself are there users and services.
on_machine() { [ -z "$root" ]; }
service() { if on_machine && command -v systemctl > /dev/null; then systemctl "$@"; fi; }

if [ "$uninstall" = yes ]; then
  if on_machine; then [ "$(id -u)" = 0 ] || die 'this needs root'; fi
  service disable --now gatecast-agent.service 2> /dev/null || true
  rm -f "$unit" "$command"
  rm -rf "$opt" "$state/software"
  service daemon-reload
  if [ "$purge" = yes ]; then
    rm -rf "$etc" "$state"
    if on_machine && id gatecast > /dev/null 2>&1; then userdel gatecast; fi
    say 'The agent, its settings, keys and journal are gone.'
  else
    say "The agent is gone. Settings are in $etc, keys and journal in $state/data."
  fi
  exit 0
fi
[ "$purge" = no ] || die '--purge belongs to --uninstall'

# All that is missing is said at once.
faults=''
fault() { faults="$faults
  $*"; }
node=$(command -v "${GATECAST_NODE:-node}" || true)
if [ -z "$node" ]; then
  fault 'Node is not installed: version 22.22 or newer is needed'
elif ! "$node" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 22) ? 0 : 1)'; then
  fault "Node 22.22 or newer is needed; $node is $("$node" --version)"
fi
for file in gatecast-agent.mjs gatecast-agent-launcher.mjs store-worker.mjs document-worker.mjs package.json screen/index.html; do
  [ -f "$bundle/$file" ] || fault "the bundle lacks $file: was it unpacked whole?"
done
if on_machine; then
  [ "$(id -u)" = 0 ] || fault 'this needs root'
  command -v systemctl > /dev/null || fault 'systemd is needed to run the service'
fi
case $cloud_url in '' | http://?* | https://?*) ;; *) fault "--cloud-url is an http or https address, not $cloud_url" ;; esac
case $door_link in
  '') ;;
  serial:/*) port=${door_link#serial:} && port=${port%%\?*} && { ! on_machine || [ -e "$port" ] || say "Note: there is no $port yet."; } ;;
  tcp://?*:* | unix:/*) ;;
  *) fault "--door-link is tcp://host:port, unix:/path or serial:/dev/tty…?baud=9600, not $door_link" ;;
esac
[ -z "$update_keys" ] || [ -f "$update_keys" ] || fault "there is no $update_keys"
mkdir -p "$root/var/lib"
free_kb=$(df -Pk "$root/var/lib" | awk 'NR == 2 { print $4 }')
[ "$free_kb" -ge 524288 ] || fault "512 MB of disk are needed below /var/lib; $((free_kb / 1024)) MB are free"
[ -z "$faults" ] || die "nothing was installed:$faults"

if on_machine && ! id gatecast > /dev/null 2>&1; then
  useradd --system --home-dir /var/lib/gatecast --shell /usr/sbin/nologin --user-group gatecast
fi
if on_machine && getent group dialout > /dev/null; then usermod --append --groups dialout gatecast; fi
# $1 owner, the rest folders or files
own() { if on_machine; then chown -R "$@"; fi; }
# A name is worth nothing before what it names is on the disk: everything below the folders or files.
on_disk() { find "$@" -exec sync {} +; }
# $1 mode, $2 owner, $3 what, $4 where to: the old file or the new one stands there, whenever the power goes.
place() {
  if [ -f "$4" ] && cmp -s "$3" "$4"; then return; fi
  install -m "$1" "$3" "$4.new"
  own "$2" "$4.new"
  on_disk "$4.new"
  mv "$4.new" "$4"
  changed=yes
}

install -d -m 755 "$opt" "$opt/launcher" "$etc" "$state" "$state/software" "$(dirname "$unit")" "$(dirname "$command")"
install -d -m 700 "$state/data"
for file in gatecast-agent-launcher.mjs package.json; do place 644 root:root "$bundle/$file" "$opt/launcher/$file"; done

slot_file() { printf '%s' "$state/software/$1/gatecast-agent.mjs"; }
installed=no
for slot in a b; do [ ! -f "$(slot_file $slot)" ] || installed=yes; done
if [ "$installed" = no ] || [ "$replace" = yes ]; then
  service stop gatecast-agent.service 2> /dev/null || true
  # As a release comes: into the slot that does not run, then one rename says which runs, and the slot that ran goes last. So there is one that
  # starts, whole, whenever the power goes.
  boot=$state/software/boot-state.json
  runs=$(sed -n 's/.*"active": *"\([ab]\)".*/\1/p' "$boot" 2> /dev/null || true)
  runs=${runs:-a}
  if [ "$runs" = a ]; then other=b; else other=a; fi
  # Where the one that should run is gone, the launcher starts the other one.
  if [ ! -f "$(slot_file $runs)" ]; then
    gone=$runs
    runs=$other
    other=$gone
  fi
  rm -rf "$state/software/slot.new"
  cp -R "$bundle" "$state/software/slot.new"
  own gatecast:gatecast "$state/software/slot.new"
  on_disk "$state/software/slot.new"
  rm -rf "${state:?}/software/$other"
  mv "$state/software/slot.new" "$state/software/$other"
  sync "$state/software"
  printf '{"v":1,"active":"%s","floor":null,"trial":null,"outcome":null}\n' "$other" > "$boot.new"
  own gatecast:gatecast "$boot.new"
  on_disk "$boot.new"
  mv "$boot.new" "$boot"
  sync "$state/software"
  rm -rf "${state:?}/software/$runs" "$state/software/download"
  changed=yes
else
  say 'An agent is installed already; signed releases bring it up to date (--replace puts this one in its place).'
fi
own gatecast:gatecast "$state"

if [ ! -f "$etc/agent.env" ]; then
  install -m 640 "$here/agent.env.example" "$etc/agent.env.new"
  # Neither has a line end; | stands in no address that was taken above.
  [ -z "$cloud_url" ] || sed -i "s|^GATECAST_CLOUD_URL=.*|GATECAST_CLOUD_URL=$cloud_url|" "$etc/agent.env.new"
  [ -z "$door_link" ] || sed -i "s|^GATECAST_DOOR_LINK=.*|GATECAST_DOOR_LINK=$door_link|" "$etc/agent.env.new"
  on_disk "$etc/agent.env.new"
  mv "$etc/agent.env.new" "$etc/agent.env"
elif [ -n "$cloud_url$door_link" ]; then
  say "$etc/agent.env is there already and stays as it is."
fi
own root:gatecast "$etc"
if [ -n "$update_keys" ]; then place 644 root:gatecast "$update_keys" "$etc/update-keys.json"; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed "s|@NODE@|$node|" "$here/gatecast-agent.service" > "$work/unit"
place 644 root:root "$work/unit" "$unit"
cat > "$work/command" <<END
#!/bin/sh
# The agent's own commands (gatecast-agent doctor), from the slot that runs.
state=/var/lib/gatecast
slot=\$(sed -n 's/.*"active": *"\\([ab]\\)".*/\\1/p' "\$state/software/boot-state.json" 2> /dev/null)
export GATECAST_DATA_DIR="\${GATECAST_DATA_DIR:-\$state/data}"
exec $node --no-warnings "\$state/software/\${slot:-a}/gatecast-agent.mjs" "\$@"
END
place 755 root:root "$work/command" "$command"

service daemon-reload
service enable gatecast-agent.service
if grep -q '^GATECAST_CLOUD_URL=$' "$etc/agent.env"; then
  say "Installed. Now write GATECAST_CLOUD_URL into $etc/agent.env, then: systemctl start gatecast-agent"
elif [ "$start" = yes ]; then
  # A door is not left alone for a second without need.
  if [ "$changed" = yes ]; then service restart gatecast-agent.service; else service start gatecast-agent.service; fi
  say 'Installed and started. What is right and wrong here: sudo gatecast-agent doctor'
else
  say 'Installed. Start: systemctl start gatecast-agent'
fi
