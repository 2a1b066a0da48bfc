# Every kind of image that the filter takes, in GIMP 3.


def after(change):
    image = photo(640, 480)
    change(image)
    return run(image).score


usual = run(photo(640, 480)).score
check("16 bits per channel score alike", abs(usual - after(lambda i: i.convert_precision(Gimp.Precision.U16_NON_LINEAR))) < 0.05)
check("32-bit linear scores alike", abs(usual - after(lambda i: i.convert_precision(Gimp.Precision.FLOAT_LINEAR))) < 0.05)
check("an opaque alpha channel changes nothing", abs(usual - after(lambda i: layer_of(i).add_alpha())) < 0.001)
check("greyscale works", after(lambda i: i.convert_grayscale()) >= 1)

# A canvas larger than the layer: only the layer is judged, and boxes are in pixels of the image.
only = {"heatmap-layer": False, "crops-as": "none", "format": "1:1", "count": 1}
plain = run(photo(640, 480), **only)
wide = photo(640, 480)
wide.resize(1000, 800, 200, 150)
moved = run(wide, **{**only, "heatmap-layer": True})
check("a larger canvas does not change the score", abs(plain.score - moved.score) < 0.001)
check("the box moves with the layer", (plain.x + 200, plain.y + 150) == (moved.x, moved.y))
check("the heatmap lies on the layer", tuple(wide.get_layers()[0].get_children()[0].get_offsets())[-2:] == (200, 150))

# A selection: only that part is judged.
selected = photo(640, 480)
selected.select_rectangle(Gimp.ChannelOps.REPLACE, 100, 50, 300, 400)
part = run(selected)
check("the crop lies in the selection", part.x >= 100 and part.y >= 50 and part.x + part.width <= 400
      and part.y + part.height <= 450)
check("the selection stays", not Gimp.Selection.is_empty(selected))

# A selection that is to stay whole, and one that is not heeded.


def on_selection(use):
    image = photo(640, 480)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 300, 120, 150)
    return run(image, **{**only, "selection": use, "count": 5})


kept = on_selection("keep")
check("a selection to be kept stays whole", kept.x <= 10 and kept.y <= 300 and kept.x + kept.width >= 130
      and kept.y + kept.height >= 450)
check("and all of the photo is judged", kept.score == plain.score)
ignored = on_selection("ignore")
check("a selection that is not heeded changes nothing", (ignored.x, ignored.y, ignored.score)
      == (plain.x, plain.y, plain.score))

# What is visible: masks, effects, other layers and hidden ones count, as they would in an exported file.
asking = {"heatmap-layer": False, "crops-as": "none", "count": 1}


def merged(image):
    copy = image.duplicate()
    copy.flatten()
    return run(copy, **asking).score


Gimp.context_set_background(Gegl.Color.new("white"))
half = photo(640, 480)
half_mask = layer_of(half).create_mask(Gimp.AddMaskType.WHITE)
layer_of(half).add_mask(half_mask)
half.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 400, 480)
Gimp.context_set_foreground(Gegl.Color.new("black"))
half_mask.edit_fill(Gimp.FillType.FOREGROUND)
Gimp.Selection.none(half)
exported_score = merged(half)
half_score = run(half).score
check("a mask counts", abs(usual - half_score) > 0.05)
check("a masked photo scores as its export", abs(half_score - exported_score) < 0.001)
check("a second look sees no heatmap of the first", run(half).score == half_score)
check("the layer alone can be judged", run(half, **asking, source="layer").score == plain.score)
blurred = photo(640, 480)
effect = Gimp.DrawableFilter.new(layer_of(blurred), "gegl:gaussian-blur", "")
effect.get_config().set_property("std-dev-x", 20.0)
effect.get_config().set_property("std-dev-y", 20.0)
layer_of(blurred).append_filter(effect)
blurred_score = run(blurred, **asking).score
check("an effect counts", abs(usual - blurred_score) > 0.05)
check("an effect counts as in an export", abs(blurred_score - merged(blurred)) < 0.001)
retouched = photo(640, 480)
patch = Gimp.Layer.new(retouched, "patch", 300, 480, Gimp.ImageType.RGB_IMAGE, 100, Gimp.LayerMode.NORMAL)
retouched.insert_layer(patch, None, 0)
patch.fill(Gimp.FillType.WHITE)
below = layer_of(retouched)
check("a layer above counts", abs(merged(retouched) - run(retouched, [below]).score) < 0.001)
check("what is visible is covered by the heatmap", retouched.get_layers()[0].is_group())
patch.set_visible(False)
check("a hidden layer does not", run(retouched, [below], **asking).score == plain.score)
retouched.clean_all()
run(retouched, [below], **asking, source="visible")
check("looking at what is visible changes nothing", not retouched.is_dirty())

# Several layers: the group goes beside the chosen one, inside its own group, when that layer is judged.
layered = photo(640, 480)
bottom = layer_of(layered)
home = Gimp.GroupLayer.new(layered, "home")
layered.insert_layer(home, None, 0)
layered.reorder_item(bottom, home, 0)
top = Gimp.Layer.new(layered, "top", 100, 100, Gimp.ImageType.RGBA_IMAGE, 100, Gimp.LayerMode.NORMAL)
layered.insert_layer(top, None, 0)
run(layered, [bottom], source="layer")
check("the group stands just above the chosen layer", [i.is_group() for i in home.get_children()] == [True, False])

# In a locked group GIMP lets nobody write: the filter's own group stands above that.
shut = photo(640, 480)
inside = layer_of(shut)
shut_group = Gimp.GroupLayer.new(shut, "shut")
shut.insert_layer(shut_group, None, 0)
shut.reorder_item(inside, shut_group, 0)
shut_group.set_lock_content(True)
shut_group.set_lock_position(True)
run(shut, [inside], source="layer", crops_as="layers", count=2)
check("a photo in a locked group gets map and frames, above the group",
      len(shut.get_layers()) == 2 and shut.get_layers()[1] == shut_group and len(shut.get_layers()[0].get_children()) == 3)

# Transparent all over, and a layer that reaches beyond the canvas.
clear = photo(640, 480)
layer_of(clear).add_alpha()
layer_of(clear).edit_clear()
check("a transparent layer gets an answer", run(clear).score >= 1)
beyond = photo(640, 480)
layer_of(beyond).set_offsets(-200, -100)
inner = run(beyond)
check("what lies beyond the canvas is left out", inner.x >= 0 and inner.y >= 0 and inner.x + inner.width <= 440
      and inner.y + inner.height <= 380)

# A layer's mask stands for its layer.
masked = photo(640, 480)
mask = layer_of(masked).create_mask(Gimp.AddMaskType.WHITE)
layer_of(masked).add_mask(mask)
check("a mask stands for its layer", abs(run(masked, [mask]).score - usual) < 0.001)
