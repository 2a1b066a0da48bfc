# A photo that is levelled before crops are looked for in it, in GIMP 3. The background colour shows what is empty.
import math

Gimp.context_set_background(Gegl.Color.new("#00ff00"))


def house(degrees):
    """A front of a house with rows of windows, turned clockwise."""
    image = Gimp.Image.new(1000, 720, Gimp.ImageBaseType.RGB)
    layer = Gimp.Layer.new(image, "house", 1000, 720, Gimp.ImageType.RGB_IMAGE, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)

    def paint(colour, *box):
        image.select_rectangle(Gimp.ChannelOps.REPLACE, *box)
        Gimp.context_set_foreground(Gegl.Color.new(colour))
        layer.edit_fill(Gimp.FillType.FOREGROUND)

    paint("#ceba96", 0, 0, 1000, 720)
    for y in range(40, 560, 130):
        for x in range(30, 960, 120):
            paint("#323e54", x, y, 60, 80)
    paint("#78746e", 0, 580, 1000, 140)
    Gimp.Selection.none(image)
    layer.transform_rotate(math.radians(degrees), True, 0, 0)
    image.crop(800, 540, 100, 90)
    image.flatten()
    image.clean_all()
    return image


def levelled(image, **arguments):
    return run(image, **{"heatmap-layer": False, "crops-as": "none", "format": "1:1", "count": 2, "straighten": True,
                         **arguments})


def empty_share(layer):
    """The share of a layer that is as green as the background."""
    return layer.histogram(Gimp.HistogramChannel.GREEN, 0.85, 1.0)[-1]


tilted = house(3)
answer = levelled(tilted, cut="new-images")
check("the answer tells the angle", abs(answer.angle - 3) < 0.3)
made = answer.images[0]
check("the new image has the crop's size", (made.get_width(), made.get_height()) == (answer.width, answer.height)
      == (layer_of(made).get_width(), layer_of(made).get_height()))
check("the new image is level", levelled(made).angle == 0)
check("it has no empty corners", empty_share(layer_of(made)) == 0)
check("and no transparency where there was none", not layer_of(made).has_alpha())
check("the photo itself stays as it was", not tilted.is_dirty() and abs(levelled(tilted).angle - 3) < 0.3)
check("the note has the angle", '"angle":' in note_of(made))
check("without the wish nothing is levelled", levelled(tilted, straighten=False).angle == 0)

levelled(tilted, **{"crops-as": "guides"})
check("guides become a path", guides(tilted) == [] and len(tilted.get_paths()) == 1)
levelled(tilted, **{"crops-as": "layers"})
check("a frame is turned", tilted.get_layers()[0].get_children()[0].get_width() > answer.width)
check("a second run replaces the path", len(tilted.get_paths()) == 0)

cut = house(-2.5)
layer_of(cut).set_lock_content(True)
answer = levelled(cut, **{"crops-as": "paths", "cut": "crop"})
check("the other way round, too", abs(answer.angle + 2.5) < 0.3)
check("the image is cut to the crop", (cut.get_width(), cut.get_height()) == (answer.width, answer.height))
check("locks are as before", layer_of(cut).get_lock_content() and not layer_of(cut).get_lock_position())
check("and is level", levelled(cut).angle == 0)
check("a level photo is left as it is", levelled(house(0)).angle == 0)
