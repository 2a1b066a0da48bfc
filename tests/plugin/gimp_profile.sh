# What the runners for both series share.
# shellcheck shell=sh

# new_profile WORK PLUG-INS GIMPLIBDIR NAME...: an empty folder with a profile in it, under which GIMP knows our
# plug-in and the named ones of its own, so that it starts fast.
new_profile() {
  work=$1 plugins=$2 own=$3/plug-ins
  shift 3
  rm -rf "$work"
  mkdir -p "$work/profile/gradients" "$work/own-plug-ins" "$work/home"
  for name in "$@"; do
    if [ -e "$own/$name" ]; then ln -s "$own/$name" "$work/own-plug-ins/$name"; fi
  done
  printf '(plug-in-path "%s:%s")\n(interpreter-path "%s")\n' "$work/own-plug-ins" "$plugins" "${own%/plug-ins}/interpreters" \
    >"$work/profile/gimprc"
  export HOME="$work/home" XDG_DATA_HOME="$work/home/data" XDG_CONFIG_HOME="$work/home/config"
}

# judge WORK: shows the report; fails unless it is complete and nothing in it failed.
judge() {
  cat "$1/report" 2>/dev/null || true
  if ! grep -qx 'all checked' "$1/report" 2>/dev/null; then
    echo "the script did not reach its end; GIMP said:"
    tail -n 40 "$1/log"
    exit 1
  fi
  if grep -q '^FAILED' "$1/report"; then exit 1; fi
}
