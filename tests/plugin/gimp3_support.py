# What the scripts for GIMP 3 share. The runner sets `work`, a folder, and `picture`, a JPEG of a real photo.
import json

import gi
gi.require_version("Gimp", "3.0")
gi.require_version("Gegl", "0.4")
from gi.repository import Gegl, Gimp, Gio

report = open(work + "/report", "w")


def note_line(text):
    report.write(text + "\n")
    report.flush()


def check(name, holds):
    note_line(("ok " if holds else "FAILED ") + name)


def photo(width, height):
    """The real photo at a size of its own."""
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(picture))
    image.scale(width, height)
    image.clean_all()
    return image


def layer_of(image):
    return image.get_layers()[-1]


def set_drawables(config, drawables):
    config.set_core_object_array("drawables", drawables)


def values_of(result):
    """What follows the status; in a success the one before the last is a list of images, which PyGObject has to be told."""
    values = [result.index(i) for i in range(1, result.length())]
    if result.index(0) == Gimp.PDBStatusType.SUCCESS:
        values[-2] = list(result.get_core_object_array(result.length() - 2))
    return values


def call(image, drawables=None, **arguments):
    """The procedure in a script's mode: its status and values."""
    procedure = Gimp.get_pdb().lookup_procedure("plug-in-aesthetic-crop")
    config = procedure.create_config()
    config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
    config.set_property("image", image)
    set_drawables(config, drawables if drawables is not None else [layer_of(image)])
    for name, value in arguments.items():
        config.set_property(name.replace("_", "-"), value)
    result = procedure.run(config)
    return result.index(0), values_of(result)


class Answer:
    def __init__(self, values):
        (self.score, self.generic, self.x, self.y, self.width, self.height, self.crop_score, self.crops,
         self.leave_it, self.images, self.angle) = values


def run(image, drawables=None, **arguments):
    status, values = call(image, drawables, **arguments)
    if status != Gimp.PDBStatusType.SUCCESS:
        raise RuntimeError(Gimp.get_pdb().get_last_error())
    return Answer(values)


def guides(image):
    found, guide = [], image.find_next_guide(0)
    while guide != 0:
        found.append(image.get_guide_position(guide))
        guide = image.find_next_guide(guide)
    return sorted(found)


def note_of(image):
    """The filter's note in an image; "" for none."""
    if "aesthetic-crop" not in image.get_parasite_list():
        return ""
    return bytes(image.get_parasite("aesthetic-crop").get_data()).rstrip(b"\0").decode()


def histogram(layer, channel):
    return layer.histogram(channel, 0.0, 1.0)[1:]
