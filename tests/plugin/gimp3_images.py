# Every kind of image that the filter takes, in GIMP 3.


def after(change):
    image = photo(640, 480)
    change(image)
    return run(image).score


usual = run(photo(640, 480)).score
check("16 bits a channel score alike", abs(usual - after(lambda i: i.convert_precision(Gimp.Precision.U16_NON_LINEAR))) < 0.05)
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

# Several layers: the group goes beside the chosen one, inside its own group.
layered = photo(640, 480)
bottom = layer_of(layered)
home = Gimp.GroupLayer.new(layered, "home")
layered.insert_layer(home, None, 0)
layered.reorder_item(bottom, home, 0)
top = Gimp.Layer.new(layered, "top", 100, 100, Gimp.ImageType.RGBA_IMAGE, 100, Gimp.LayerMode.NORMAL)
layered.insert_layer(top, None, 0)
run(layered, [bottom])
check("the group stands just above the chosen layer", [i.is_group() for i in home.get_children()] == [True, False])

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
