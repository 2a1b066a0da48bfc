# The filter as GIMP 3 finds it, on the file `picture`; /try/filter-says gets its score and its crop.
import gi
gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, Gio

image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(picture))
procedure = Gimp.get_pdb().lookup_procedure("plug-in-aesthetic-crop")
config = procedure.create_config()
config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
config.set_property("image", image)
config.set_core_object_array("drawables", image.get_layers())
config.set_property("format", "1:1")
values = procedure.run(config)
with open("/try/filter-says", "w") as says:
    says.write(f"score {values.index(1)}, crop {values.index(5)} wide\n")
