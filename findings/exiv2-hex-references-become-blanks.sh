#!/bin/sh
# exiv2 0.28.8 (pyexiv2 2.16.0), reading an XMP sidecar: a character reference of two hexadecimal digits, which
# XML knows as &#xe9; for é and &#x34; for 4, comes out as a blank, in attributes and in elements. The same
# character as &#233; or &#x00e9; comes out whole. A rating written as "&#x34;" is then no rating and "caf&#xe9;"
# is "caf ". Nothing is reported, and the next program that writes the file makes it last.
# Seen: 'caf ', ' ' for hexadecimal references and 'café', '4' for decimal ones.
# Fails when exiv2 reads both alike.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip -q install pyexiv2==2.16.0
env/bin/python - <<'PY'
import sys
import xml.etree.ElementTree as tree
import pyexiv2

packet = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Label="%s">
   <xmp:Rating>%s</xmp:Rating>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""
print("exiv2", pyexiv2.__exiv2_version__)
seen = {}
for kind, label, rating in (("hexadecimal", "caf&#xe9;", "&#x34;"), ("decimal", "caf&#233;", "&#52;")):
    text = packet % (label, rating)
    xmp = "{http://ns.adobe.com/xap/1.0/}"
    description = tree.fromstring(text)[0][0]
    assert (description.get(xmp + "Label"), description[0].text) == ("café", "4")  # an XML parser's reading
    with open("sidecar.xmp", "w") as out:
        out.write(text)
    sidecar = pyexiv2.Image("sidecar.xmp")
    found = sidecar.read_xmp()
    sidecar.close()
    seen[kind] = (found["Xmp.xmp.Label"], found["Xmp.xmp.Rating"])
    print(f"{kind}: {seen[kind]}")
if seen["decimal"] != ("café", "4") or seen["hexadecimal"] != ("caf ", " "):
    sys.exit("this exiv2 reads both alike")
PY
