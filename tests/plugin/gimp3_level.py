# A photo that is levelled before crops are looked for in it, in GIMP 3. The background colour shows what is empty.
import math

Gimp.context_set_background(Gegl.Color.new("#00ff00"))


OWN = -0.5  # degrees by which the photo is tilted itself


def turned(degrees):
    """The photo turned clockwise, without the corners that come in."""
    image = photo(720, 1080)
    layer_of(image).transform_rotate(math.radians(degrees), True, 0, 0)
    image.crop(580, 900, 70, 90)
    image.flatten()
    image.clean_all()
    return image


def levelled(image, **arguments):
    return run(image, **{"heatmap-layer": False, "crops-as": "none", "format": "1:1", "count": 2, "straighten": True,
                         **arguments})


def empty_corner(layer):
    """Whether a corner of a layer is as green as the background."""
    corners = [(x, y) for x in (0, layer.get_width() - 1) for y in (0, layer.get_height() - 1)]
    colours = [layer.get_pixel(x, y).get_rgba() for x, y in corners]
    return any(red < 0.3 and green > 0.7 and blue < 0.3 for red, green, blue, _ in colours)


tilted = turned(4)
answer = levelled(tilted, cut="new-images")
check("the answer tells the angle", abs(answer.angle - 4 - OWN) < 0.4)
made = answer.images[0]
check("the new image has the crop's size", (made.get_width(), made.get_height()) == (answer.width, answer.height)
      == (layer_of(made).get_width(), layer_of(made).get_height()))
check("the new image is level", levelled(made).angle == 0)
check("it has no empty corners", not empty_corner(layer_of(made)))
check("and no transparency where there was none", not layer_of(made).has_alpha())
check("the photo itself stays as it was", not tilted.is_dirty() and levelled(tilted).angle == answer.angle)
check("the note has the angle", '"angle":' in note_of(made))
check("without the wish nothing is levelled", levelled(tilted, straighten=False).angle == 0)

levelled(tilted, **{"crops-as": "guides"})
check("guides become a path", guides(tilted) == [] and len(tilted.get_paths()) == 1)
levelled(tilted, **{"crops-as": "layers"})
check("a frame is turned", tilted.get_layers()[0].get_children()[0].get_width() > answer.width)
check("a second run replaces the path", len(tilted.get_paths()) == 0)

cut = turned(-3.5)
layer_of(cut).set_lock_content(True)
answer = levelled(cut, **{"crops-as": "paths", "cut": "crop"})
check("the other way round, too", abs(answer.angle + 3.5 - OWN) < 0.4)
check("the image is cut to the crop", (cut.get_width(), cut.get_height()) == (answer.width, answer.height))
check("locks are as before", layer_of(cut).get_lock_content() and not layer_of(cut).get_lock_position())
check("and is level", levelled(cut).angle == 0)
check("a level photo is left as it is", levelled(turned(0)).angle == 0)
