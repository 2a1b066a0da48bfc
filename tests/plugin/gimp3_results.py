# What the filter leaves in an image, in GIMP 3: layers, group, guides, paths, note, crops, new images.

procedure = Gimp.get_pdb().lookup_procedure("plug-in-aesthetic-crop")
check("the menu entry is beside GIMP's own crops", list(procedure.get_menu_paths()) == ["<Image>/Image/[Crop]"])
check("indexed images are not taken", "INDEXED" not in procedure.get_image_types())

# The mild default: heatmap and guides.
image = photo(640, 480)
layer = layer_of(image)
before = histogram(layer, Gimp.HistogramChannel.VALUE)
answer = run(image, format="1:1", count=3)
check("the score lies on the scale", 1 <= answer.score <= 10)
check("without a profile the score is the generic one", answer.score == answer.generic)
check("the crop is square", answer.width == answer.height)
check("the crop lies inside the image", answer.x >= 0 and answer.y >= 0 and answer.x + answer.width <= 640
      and answer.y + answer.height <= 480)
tops = image.get_layers()
check("one group stands before the photo", len(tops) == 2 and tops[0].is_group() and tops[1] == layer)
heatmap = tops[0].get_children()[0]
check("the heatmap covers the photo", (heatmap.get_width(), heatmap.get_height()) == (640, 480))
check("the heatmap has its opacity", abs(heatmap.get_opacity() - 60) < 0.5)
check("the heatmap shows something", histogram(heatmap, Gimp.HistogramChannel.ALPHA)[1] > 5)
check("guides stand at the crop", guides(image) == sorted([answer.x, answer.x + answer.width, answer.y,
                                                            answer.y + answer.height]))
check("the photo is still the chosen layer", image.get_selected_layers() == [layer])
check("the photo's pixels are untouched", histogram(layer, Gimp.HistogramChannel.VALUE) == before)

# The note, through a file.
note = note_of(image)
file = Gio.File.new_for_path(work + "/round.xcf")
Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, file, None)
again = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, file)
check("the note survives XCF", note != "" and note_of(again) == note)
check("guides survive XCF", guides(again) == guides(image))
kept = json.loads(note)
check("the note has the crop", kept["crops"][0]["box"] == {"x": answer.x, "y": answer.y, "w": answer.width,
                                                           "h": answer.height})
check("the note names the model", kept["model"] and len(kept["model_hash"]) == 64)

# Paths and framed layers.
paths = photo(640, 480)
answer = run(paths, **{"heatmap-layer": False, "crops-as": "paths", "count": 4})
check("each crop is a path", len(paths.get_paths()) == answer.crops)
check("the best crop is the first path", paths.get_paths()[0].get_name() == "Crop 1")
check("paths need no group", len(paths.get_layers()) == 1)
frames = photo(640, 480)
answer = run(frames, **{"crops-as": "layers", "count": 2, "chosen": 2, "format": "4:5", "opacity": 35.0})
inside = frames.get_layers()[0].get_children()
check("the group holds the frames and the heatmap", len(inside) == answer.crops + 1)
check("only the chosen frame is visible", [i.get_visible() for i in inside[:-1]] == [i + 1 == min(2, answer.crops)
                                                                                     for i in range(answer.crops)])
check("the frame has the crop's size", (answer.width, answer.height) in [(i.get_width(), i.get_height())
                                                                         for i in inside])

# Cropping.
cropped = photo(640, 480)
answer = run(cropped, **{"heatmap-layer": False, "crops-as": "none", "cut": "crop", "format": "16:9"})
check("the image has the crop's size", (cropped.get_width(), cropped.get_height()) == (answer.width, answer.height))
check("the crop has its aspect", abs(answer.width / answer.height - 16 / 9) < 0.02)

# A new image for each crop.
source = photo(640, 480)
answer = run(source, **{"heatmap-layer": False, "crops-as": "none", "cut": "new-images", "format": "square", "count": 3})
check("there is a new image for each crop", len(answer.images) == answer.crops >= 1)
check("the first has the best crop's size", (answer.images[0].get_width(), answer.images[0].get_height())
      == (answer.width, answer.height))
check("the new image has no file, so that saving asks for one", answer.images[0].get_file() is None)
check("its layer is named after photo and format", layer_of(answer.images[0]).get_name().endswith("square 1"))
check("the new image has the note", note_of(answer.images[0]) != "")
check("the source is untouched", source.get_width() == 640 and note_of(source) == "" and not source.is_dirty())

# Only asking.
asked = photo(640, 480)
run(asked, **{"heatmap-layer": False, "crops-as": "none"})
check("asking alone changes nothing", not asked.is_dirty() and note_of(asked) == "")

# A second run takes the place of the first, and spares what is not its own.
again = photo(640, 480)
again_layer = layer_of(again)
again.add_hguide(7)
mine = Gimp.Layer.new(again, "mine", 50, 50, Gimp.ImageType.RGBA_IMAGE, 100, Gimp.LayerMode.NORMAL)
again.insert_layer(mine, None, 0)
mine.set_offsets(295, 215)  # in the middle, where any crop keeps it
run(again, [again_layer], format="1:1", count=2)
second = run(again, [again_layer], format="16:9", count=2, chosen=2)
check("a second run replaces the group", len(again.get_layers()) == 3)
check("a second run replaces the guides and keeps other ones", guides(again) == sorted(
    [7, second.x, second.x + second.width, second.y, second.y + second.height]))
run(again, [again_layer], **{"heatmap-layer": False, "crops-as": "paths", "count": 2})
check("neither group nor guides are left when they are not asked for", len(again.get_layers()) == 2
      and guides(again) == [7])
second = run(again, [again_layer], **{"heatmap-layer": False, "crops-as": "paths", "count": 3, "format": "1:1"})
check("a second run replaces the paths", len(again.get_paths()) == second.crops)
run(again, [again_layer], **{"crops-as": "layers", "count": 2})
without = run(again, [again_layer], **{"heatmap-layer": False, "crops-as": "none", "cut": "new-images"}).images[0]
check("a new image has nothing of an earlier run", len(without.get_layers()) == 2)
to_crop = photo(640, 480)
run(to_crop, **{"heatmap-layer": False, "cut": "crop", "format": "1:1"})
run(to_crop, **{"heatmap-layer": False, "format": "3:2"})
check("guides are found again after cropping", len(guides(to_crop)) == 4)
