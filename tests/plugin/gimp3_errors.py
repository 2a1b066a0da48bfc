# Every way to go wrong, in GIMP 3: a sentence, and an image as it was.

image = photo(640, 480)


def fails(name, words, on=image, drawables=None, **arguments):
    try:
        status, _ = call(on, drawables, **arguments)
        said = Gimp.get_pdb().get_last_error() if status != Gimp.PDBStatusType.SUCCESS else "success"
    except Exception as error:  # GIMP refuses some values before our program is asked
        said = str(error)
    check(name, words in said)
    if words not in said:
        note_line("  said: " + said)


fails("chosen", "Chosen is 4 and should be from 1 to 3", chosen=4, count=3)
fails("personal map without a profile", "needs a profile", map="personal")
fails("unknown preset", "squar", format="squar")
fails("aspect", "0:5", format="0:5")
fails("no such profile", "nobody.pt", profile="/nowhere/nobody.pt")
with open(work + "/damaged.pt", "w") as damaged:
    damaged.write("this is no profile")
fails("damaged profile", "damaged.pt", profile=work + "/damaged.pt")
tiny = photo(20, 15)
fails("too small", "20x15 pixels and should be at least 32x32", on=tiny)
away = photo(640, 480)
layer_of(away).set_offsets(2000, 0)
fails("off the canvas", "nothing to judge", on=away)
indexed = photo(64, 48)
indexed.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 16, False, False, "")
fails("indexed", "indexed and should be RGB or greyscale", on=indexed)
two = photo(640, 480)
second = layer_of(two).copy()
two.insert_layer(second, None, 0)
fails("two layers", "2 layers are chosen and should be one", on=two, drawables=list(two.get_layers()))
channel = Gimp.Channel.new(image, "mask", 640, 480, 50, Gegl.Color.new("black"))
image.insert_channel(channel, None, 0)
image.clean_all()
fails("a channel", "A channel is chosen and should be a layer", drawables=[channel])

twice = photo(640, 480)
run(twice, **{"crops-as": "none"})
fails("a layer of the filter's own", "layer that this filter added is chosen", on=twice,
      drawables=[twice.get_layers()[0].get_children()[0]])

for name, value in {"opacity": 600.0, "count": 0, "source": "all", "selection": "mine", "map": "mine", "copy-area": "middle", "crops-as": "dots",
                    "cut": "half"}.items():
    procedure = Gimp.get_pdb().lookup_procedure("plug-in-aesthetic-crop")
    config = procedure.create_config()
    usual = config.get_property(name)
    try:
        config.set_property(name, value)
        kept = config.get_property(name)
    except Exception:
        kept = usual
    check(name + " outside its range never arrives", kept != value)

check("after all that the image is as it was", not image.is_dirty() and len(image.get_layers()) == 1
      and guides(image) == [])
