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
  quietly as_root apt-get update
  # shellcheck disable=SC2046  # one word a package is meant
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    $(echo "$missing" | choose_packages)
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
