"""How far the pixels that piaa-batch gives its network are from those of the plain Python peer.

compare_pixels.py MODEL NETWORK_INPUT PHOTO...      NETWORK_INPUT is the program of that name
"""
import statistics
import subprocess
import sys

import numpy

from peer import Peer


def main():
    model, network_input, *photos = sys.argv[1:]
    peer, differences = Peer(model, tuned=False), []
    for photo in photos:
        theirs = numpy.asarray(peer.network_input(photo), float)
        height, width, _ = theirs.shape
        ppm = subprocess.run([network_input, photo, str(width), str(height)], check=True, stdout=subprocess.PIPE).stdout
        ours = numpy.frombuffer(ppm[-theirs.size:], numpy.uint8).reshape(theirs.shape)
        differences.append(abs(ours - theirs).mean())
    print(f"- mean pixel difference of the network's input to the plain peer's: "
          f"{statistics.mean(differences):.2f} of 255", flush=True)


if __name__ == "__main__":
    main()
