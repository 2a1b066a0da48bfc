# Shell functions that the set-up commands share. They run in the top folder of the project.
# shellcheck shell=sh

# Runs a command and shows what it said only when it fails.
quietly() {
  log=$(mktemp)
  status=0
  "$@" >"$log" 2>&1 || status=$?
  if [ $status -ne 0 ]; then cat "$log" >&2; fi
  rm -f "$log"
  return $status
}

# show_help SCRIPT OPTION...: what the script's first lines say of it, and the end, where --help is among the options.
show_help() {
  script=$1
  shift
  for option in "$@"; do
    case $option in
      --help | -h)
        sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$script"
        exit
        ;;
    esac
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

is_installed() {
  [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# The lines of package lists (install/packages/NAME.txt) of which no alternative is installed.
missing_lines() {
  for list in "$@"; do
    sed 's/#.*//; s/ *| */ /g; /^ *$/d' "install/packages/$list.txt" | while read -r alternatives; do
      for package in $alternatives; do
        if is_installed "$package"; then continue 2; fi
      done
      echo "$alternatives"
    done
  done
}

# The newest package that is called like this one but for its number: of a Debian release that the lists do not know yet.
renumbered_package() {
  stem=$(echo "$1" | sed -E 's/[0-9][0-9.]*(t64)?$//')
  apt-cache search --names-only "^$stem[0-9][0-9.]*(t64)?\$" | cut -d' ' -f1 | sort -V | tail -n 1
}

# Of each line the first package that this Debian release has; another number of the last one, or the last one itself,
# when it has none.
choose_packages() {
  while read -r alternatives; do
    chosen=''
    for package in $alternatives; do
      if [ -n "$(apt-cache show "$package" 2>/dev/null)" ]; then chosen=$package; break; fi
    done
    if [ -z "$chosen" ]; then chosen=$(renumbered_package "${alternatives##* }"); fi
    echo "${chosen:-${alternatives##* }}"
  done
}

# Installs what is missing of the named package lists; touches nothing when all is there.
install_packages() {
  missing=$(missing_lines "$@")
  [ -n "$missing" ] || return 0
  echo "== installing Debian packages for: $*"
  # What an installation that was cut off left half done keeps apt from starting.
  quietly as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure --pending
  quietly as_root apt-get update
  chosen=$(echo "$missing" | choose_packages)
  # shellcheck disable=SC2086  # one word a package is meant
  LC_ALL=C apt-get install --simulate --no-install-recommends --option Debug::NoLocking=1 --option APT::Get::Show-User-Simulation-Note=0 \
    $chosen 2>/dev/null | sed -n 's/^\([0-9]*\) upgraded, \([0-9]*\) newly installed.*/   \2 packages come along/p'
  # shellcheck disable=SC2086
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $chosen
}

# packages_at_hand NAME...: files of these packages of ours, one a line, for this release of Debian and this processor; nothing
# unless all are there, in this folder or where install/packages/build puts them.
packages_at_hand() {
  debian=$(. /etc/os-release && echo "${VERSION_ID:-0}")
  processor=$(dpkg --print-architecture)
  for folder in "$PWD" "$PWD/build/packages/debian$debian"; do
    newest=$(find "$folder" -maxdepth 1 -name "piaa_*+deb${debian}_$processor.deb" 2>/dev/null | sort -V | tail -n 1)
    [ -n "$newest" ] || continue
    for name in "$@"; do [ -e "$folder/${name}_${newest##*/piaa_}" ] || continue 2; done
    for name in "$@"; do echo "$folder/${name}_${newest##*/piaa_}"; done
    return
  done
}

# install_our_packages NAME...: installs them from files at hand unless these are installed; fails where there are none.
install_our_packages() {
  files=$(packages_at_hand "$@")
  [ -n "$files" ] || return 1
  version=$(echo "$files" | sed -n '1s/.*_\(.*\)_.*/\1/p')
  for name in "$@"; do
    [ "$(dpkg-query --show --showformat '${Version}' "$name" 2>/dev/null)" = "$version" ] || name=''
    [ -n "$name" ] || break
  done
  if [ -n "$name" ]; then return 0; fi
  echo "== installing $* $version"
  quietly as_root apt-get update || return
  IFS='
'
  # shellcheck disable=SC2086  # one word a line is meant
  set -- $files
  unset IFS
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@"
}

# Configures and builds a CMake preset with all cores, or only the targets named after it. The compiler cache serves
# a clone in another folder too.
build() {
  export CCACHE_BASEDIR="${CCACHE_BASEDIR:-$PWD}" CCACHE_NOHASHDIR=1
  preset=$1
  shift
  echo "== building the $preset preset"
  quietly cmake --preset "$preset"
  cmake --build --preset "$preset" --parallel "$(nproc)" ${1:+--target "$@"}
}

# Real photographs, installed where they are not; two of the package's pictures are drawn.
sample_photos() {
  install_packages photos >&2
  dpkg -L lomiri-wallpapers-16.04 | grep '\.jpg$' | grep -v -e analogpattern -e umang
}

# A GIMP that came as a Flatpak, a Snap or an AppImage, "KIND PLACE"; nothing where there is none. These bring all of their
# libraries with them and see few of the system's, so a filter built here cannot run in them.
gimp_of_its_own_world() {
  for place in "${XDG_DATA_HOME:-$HOME/.local/share}/flatpak/app/org.gimp.GIMP" /var/lib/flatpak/app/org.gimp.GIMP; do
    if [ -d "$place" ]; then echo "Flatpak $place"; return; fi
  done
  if [ -d /snap/gimp ]; then echo "Snap /snap/gimp"; return; fi
  for folder in "$HOME" "$HOME/Applications" "$HOME/Downloads" "$HOME/Desktop" "$HOME/bin" "$HOME/.local/bin" /opt; do
    for place in "$folder"/[Gg][Ii][Mm][Pp]*.[Aa]pp[Ii]mage; do
      if [ -f "$place" ]; then echo "AppImage $place"; return; fi
    done
  done
}

# let_gimp_set_up SERIES FOLDER: GIMP's folder of this user, made by GIMP itself where there is none yet. A folder that
# somebody else made keeps GIMP from filling it at its first start, and from taking over the settings of an older GIMP.
let_gimp_set_up() {
  if [ -d "$2" ]; then return; fi
  echo "== GIMP has not been started yet: it sets up $2"
  version=${2##*/}
  for console in "gimp-console-$version" "gimp-console-$1" gimp-console; do
    if command -v "$console" >/dev/null; then break; fi
  done
  if [ "$1" -ge 3 ]; then
    timeout 300 "$console" -i -d -f -s --quit >/dev/null 2>&1 || true
  else
    timeout 300 "$console" -i -d -f -s -b '(gimp-quit 0)' >/dev/null 2>&1 || true
  fi
  if [ ! -d "$2" ]; then
    echo "install/gimp: $console has not made $2: start GIMP once, end it and run this again" >&2
    return 1
  fi
}

# release_benchmark: builds Google Benchmark for release from Debian's source of the installed version, once, and prints
# the folder that CMake finds it by. The packaged library keeps its asserts, and warns that times may be off.
release_benchmark() {
  folder=$PWD/build/google-benchmark
  if [ ! -d "$folder/installed" ]; then
    echo "== building Google Benchmark for release" >&2
    quietly build_release_benchmark "$folder" >&2 || return
  fi
  dirname "$(find "$folder/installed" -name benchmarkConfig.cmake)"
}

build_release_benchmark() (
  set -e
  rm -rf "$1"
  mkdir -p "$1/sources" "$1/lists/partial"
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    if [ -e "$list" ]; then
      sed -E 's/^Types:.*/Types: deb-src/; s/^deb /deb-src /' "$list" >"$1/sources/$(basename "$list" .list).${list##*.}"
    fi
  done
  cd "$1"
  apt_with_sources() {
    apt-get -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$PWD/sources" -o Dir::State::Lists="$PWD/lists" "$@"
  }
  apt_with_sources update
  apt_with_sources source --download-only "benchmark=$(dpkg-query --show --showformat '${source:Version}' libbenchmark-dev)"
  mkdir source
  tar -xf benchmark_*.orig.tar.* -C source --strip-components 1
  cmake -G Ninja -S source -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$PWD/making" \
    -DBENCHMARK_ENABLE_TESTING=OFF -DBENCHMARK_ENABLE_GTEST_TESTS=OFF
  cmake --build build --target install
  mv making installed
)

# in_root ROOT COMMAND...: runs a command inside a Debian of its own, with a /proc of its own: without one LibTorch does not
# know the processor and relative library paths do not resolve. What the command started and mounted ends with it.
in_root() {
  new_root=$1
  shift
  unshare --mount --pid --fork --kill-child --root "$new_root" --mount-proc "$@"
}

# reach_out_as_here ROOT: how this machine reaches mirrors (proxies, certificates) holds inside the root too.
reach_out_as_here() {
  apt-config dump | grep -E '^Acquire::(http|https|Check|Retries)' >"$1/etc/apt/apt.conf.d/99host" || true
  mkdir -p "$1/etc/ssl/certs"
  cp -RL /etc/ssl/certs/. "$1/etc/ssl/certs" 2>/dev/null || true
}

# make_root SUITE ROOT LIST...: a minimal Debian with the packages of the lists and these set-up functions in /setup. Needs root.
make_root() {
  suite=$1 root=$2
  shift 2
  rm -rf "$root"
  mkdir -p "$root"
  # A release that this debootstrap does not know yet is made as the newest one.
  newest=/usr/share/debootstrap/scripts/sid
  if [ -e "${newest%/*}/$suite" ]; then
    quietly debootstrap --variant=minbase "$suite" "$root"
  else
    quietly debootstrap --variant=minbase "$suite" "$root" http://deb.debian.org/debian "$newest"
  fi
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
  # It is thrown away where the machine stops in the middle, so nothing has to wait for the disk.
  echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
  reach_out_as_here "$root"
  mkdir -p "$root/setup/install"
  cp -r install/packages install/functions.sh "$root/setup/install"
  if [ $# -gt 0 ]; then in_root "$root" sh -euc "cd /setup && . install/functions.sh && install_packages $*"; fi
  in_root "$root" apt-get clean
}

# unpack_root SUITE ROOT LIST...: the same from a pack in $PIAA_CI_CACHE (~/.cache/piaa-ci), which is made when there is none
# for these lists.
unpack_root() {
  suite=$1 root=$2
  shift 2
  cache=${PIAA_CI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/piaa-ci}
  mkdir -p "$cache"
  packed=$cache/$suite-$(for list in "$@"; do cat "install/packages/$list.txt"; done | sha256sum | cut -c-12).tar.zst
  if [ ! -e "$packed" ]; then
    echo "== making a root of Debian $suite"
    make_root "$suite" "$root" "$@"
    tar --create --directory "$root" . | zstd --quiet -1 -T0 -o "$packed.partial"
    mv "$packed.partial" "$packed"
  fi
  rm -rf "$root"
  mkdir -p "$root"
  zstd --quiet --decompress --stdout "$packed" | tar --extract --directory "$root"
  # Again, as the package ca-certificates replaced them, and the pack may come from elsewhere.
  reach_out_as_here "$root"
}

# with_compiler_cache SUITE ROOT COMMAND...: in_root with a compiler cache that outlives the root: this system's own where it is
# the same release.
with_compiler_cache() {
  if [ "$1" = "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" ] && command -v ccache >/dev/null; then
    kept=$(ccache --get-config cache_dir)
  else
    kept=${PIAA_CI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/piaa-ci}/ccache-$1
  fi
  mkdir -p "$kept" "$2/ccache"
  # shellcheck disable=SC2016  # the inner shell expands them
  KEPT=$kept unshare --mount sh -euc '. install/functions.sh
    mount --bind "$KEPT" "$2/ccache"
    root=$2
    shift 2
    in_root "$root" env CCACHE_DIR=/ccache CCACHE_BASEDIR=/piaa CCACHE_NOHASHDIR=1 "$@"' sh "$@"
}
