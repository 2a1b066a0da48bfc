#!/bin/sh
# libvips 8.18.7: a TIFF of 32-bit floats, 0 to 1, with an sRGB profile inside, as darktable exports it, comes out
# of icc_transform("srgb") black: the largest number is 1 of 255. The same ramp in 16 bits, with the same profile,
# comes out whole. There is no error and no warning; the loader calls both pictures colour (scrgb and rgb16).
# Seen: "float: ... largest 0.4 % of white", "16 bit: ... largest 100.0 % of white".
# Fails when the float picture is as bright as the other.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
PKG_CONFIG_LIBDIR=/nonexistent env/bin/pip -q install --no-cache-dir pyvips==3.2.0 pyvips-binary==8.18.7
env/bin/python - <<'PY'
import sys
import pyvips

print("libvips", ".".join(str(pyvips.version(part)) for part in range(3)))
ramp = pyvips.Image.xyz(256, 16)[0] / 255
ramp = ramp.bandjoin([ramp, ramp])
profile = pyvips.Operation.call("profile_load", "srgb")
largest = {}
for name, picture in {
    "float": ramp.cast("float").copy(interpretation="scrgb"),
    "16 bit": (ramp * 65535).cast("ushort").copy(interpretation="rgb16"),
}.items():
    picture = picture.copy()
    picture.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    file = name.replace(" ", "") + ".tif"  # libvips remembers what it loaded under a name
    picture.tiffsave(file)
    loaded = pyvips.Image.new_from_file(file)
    shown = loaded.icc_transform("srgb")
    largest[name] = shown.max() / (65535 if shown.format == "ushort" else 255)
    print(f"{name}: {loaded.format}, {loaded.interpretation}, largest {100 * largest[name]:.1f} % of white")
if largest["16 bit"] < 0.98 or largest["float"] > 0.01:
    sys.exit("this libvips transforms both alike")
PY
