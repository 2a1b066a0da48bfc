#!/bin/sh
# exiv2 0.28.8 (pyexiv2 2.16.0), writing one property into an XMP sidecar: a resource of another property,
# <cc:license rdf:resource="https://..."/>, comes back as text, cc:license="https://...". In RDF these are two
# different things: programs that ask for the resource (Creative Commons' own among them) find none any more.
# Nothing is reported. Seen: the attribute cc:license="https://creativecommons.org/licenses/by/4.0/".
# Fails when exiv2 keeps the resource.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip -q install pyexiv2==2.16.0
cat >sidecar.xmp <<'XMP'
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:cc="http://creativecommons.org/ns#">
   <cc:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"/>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
XMP
env/bin/python - <<'PY'
import sys
import pyexiv2

print("exiv2", pyexiv2.__exiv2_version__)
sidecar = pyexiv2.Image("sidecar.xmp")
sidecar.modify_xmp({"Xmp.xmp.Rating": "4"})
sidecar.close()
after = open("sidecar.xmp").read()
print(after)
as_text = 'cc:license="https://creativecommons.org/licenses/by/4.0/"' in after
if not as_text or "rdf:resource" in after:
    sys.exit("this exiv2 keeps the resource")
PY
