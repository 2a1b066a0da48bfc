# The dialog, used with the mouse by run_window, in GIMP 3.
import os
import time

image = photo(1200, 900)
image.undo_enable()
Gimp.Display.new(image)
note_line("photo shown")


def call_in_mode(mode):
    procedure = Gimp.get_pdb().lookup_procedure("plug-in-aesthetic-crop")
    config = procedure.create_config()
    config.set_property("run-mode", mode)
    config.set_property("image", image)
    set_drawables(config, [layer])
    result = procedure.run(config)
    return Answer(values_of(result))


layer = layer_of(image)
answer = call_in_mode(Gimp.RunMode.INTERACTIVE)
check("OK gives the answer", answer.score >= 1 and answer.width > 0)
check("OK adds the group", len(image.get_layers()) == 2)
check("OK adds the guides", len(guides(image)) == 4)
check("OK adds the note", '"crops"' in note_of(image))
check("the rating made a profile, and the answer is personal", '"profile":"me.pt"' in note_of(image))

note_line("waiting for undo")
while not os.path.exists(work + "/undone"):
    time.sleep(0.2)
check("one undo takes all of it back", len(image.get_layers()) == 1 and guides(image) == [] and note_of(image) == "")

# The last values again, without the dialog.
last = call_in_mode(Gimp.RunMode.WITH_LAST_VALS)
check("the last values know the person", '"profile":"me.pt"' in note_of(image))
check("the last values give the same score", abs(last.score - answer.score) < 1e-6)
